// Takes connections to the metrics, as many as there may be at a time.
#pragma once

#include <memory>
#include <vector>

#include "exporter/endpoint.hpp"
#include "loop/handle.hpp"
#include "os/fd.hpp"

namespace hupd::exporter {

class Door {
 public:
  Door(uv_loop_t* loop, std::vector<os::Fd> listeners, Endpoint& endpoint);

 private:
  void take(int listener);
  void pause();
  void go_on();

  std::vector<os::Fd> listeners_;
  Endpoint& endpoint_;
  std::vector<std::unique_ptr<loop::Readable>> watches_;
  loop::Timer pause_;
};

}  // namespace hupd::exporter
