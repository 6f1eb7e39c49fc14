// Any bytes at all on the control socket, and as a reply. What must hold, beside what the
// sanitizers see: nothing is thrown; lines do not depend on how the bytes were cut; what was
// understood is understood in the same way once it is written again.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "control/codec.hpp"
#include "control/lines.hpp"

namespace {

namespace control = hupd::control;

std::vector<std::string> lines_of(std::string_view bytes, std::size_t piece) {
  control::Lines lines(control::longest_request);
  std::vector<std::string> all;
  for (std::size_t i = 0; i < bytes.size(); i += piece) {
    lines.add(bytes.substr(i, piece));
    while (auto line = lines.next()) all.push_back(std::move(*line));
  }
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto lines = lines_of(bytes, 1 + size);
  if (lines != lines_of(bytes, 1 + size % 7)) std::abort();
  for (const auto& line : lines) {
    if (const auto request = control::parse_request(line)) {
      if (control::parse_request(control::to_line(*request)) != *request) std::abort();
    }
    if (const auto reply = control::parse_reply(line)) {
      const std::string written = control::to_line(*reply);
      const auto again = control::parse_reply(written);
      if (!again || control::to_line(*again) != written) std::abort();
    }
  }
  return 0;
}
