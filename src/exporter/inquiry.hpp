// Asks the master how it is.
#pragma once

#include <functional>
#include <string>

#include "control/lines.hpp"
#include "loop/handle.hpp"
#include "os/fd.hpp"

namespace hupd::exporter {

class Inquiry {
 public:
  using OnText = std::function<void(const std::string&)>;

  // `on_end`: the master has gone, or does not speak as it should.
  Inquiry(uv_loop_t* loop, os::Fd master, std::function<void()> on_end);

  void on_text(OnText callback) { on_text_ = std::move(callback); }
  // Answered by one call of on_text, from the loop, with the metrics as they are when the master
  // reads this; or never. To be called again after that only.
  void ask();

 private:
  void read();
  bool take(const std::string& line);

  os::Fd master_;
  std::function<void()> on_end_;
  OnText on_text_;
  control::Lines lines_;
  loop::Readable readable_;
};

}  // namespace hupd::exporter
