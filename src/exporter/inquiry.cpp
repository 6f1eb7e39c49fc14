#include "exporter/inquiry.hpp"

#include <cstdint>

#include "control/codec.hpp"
#include "control/usage.hpp"
#include "metrics/families.hpp"
#include "os/local_stream.hpp"
#include "os/pipe.hpp"

namespace hupd::exporter {

Inquiry::Inquiry(uv_loop_t* loop, os::Fd master, std::function<void()> on_end)
    : master_(std::move(master)),
      on_end_(std::move(on_end)),
      lines_(SIZE_MAX),
      readable_(loop, master_.get(), [this] { read(); }) {}

// One at a time is on its way, so there is always room for it.
void Inquiry::ask() {
  control::Request request;
  request.command = control::Command::Status;
  const std::string line = control::to_line(request);
  const auto sent = os::send_now(master_.get(), line);
  if (!sent || *sent != line.size()) on_end_();
}

void Inquiry::read() {
  std::string bytes;
  const bool open = os::read_available(master_.get(), bytes);
  lines_.add(bytes);
  while (const auto line = lines_.next()) {
    if (!take(*line)) return on_end_();
  }
  if (!open) on_end_();
}

bool Inquiry::take(const std::string& line) {
  auto reply = control::parse_reply(line);
  auto* status = reply ? std::get_if<control::Status>(&*reply) : nullptr;
  if (status == nullptr) return false;
  control::add_usage(*status, os::Pss::Skip);
  on_text_(metrics::text_of(*status));
  return true;
}

}  // namespace hupd::exporter
