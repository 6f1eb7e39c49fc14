// Takes connections to the metrics, as many as there may be at a time.
#pragma once

#include <vector>

#include "exporter/endpoint.hpp"
#include "loop/watches.hpp"
#include "os/fd.hpp"

namespace hupd::exporter {

class Door {
 public:
  Door(uv_loop_t* loop, std::vector<os::Fd> listeners, Endpoint& endpoint);

 private:
  void take(int listener);

  std::vector<os::Fd> listeners_;
  Endpoint& endpoint_;
  loop::Watches watches_;
};

}  // namespace hupd::exporter
