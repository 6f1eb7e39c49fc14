#include "log/stream_sink.hpp"

namespace hupd::log {

void StreamSink::replace(Stream stream) {
  stream_ = std::move(stream);
  torn_ = false;
  if (stream_) std::setvbuf(stream_.get(), nullptr, _IONBF, 0);
}

void StreamSink::sink_it_(const spdlog::details::log_msg& message) {
  std::string line = torn_ ? "\n" : "";
  line.append(message.payload.data(), message.payload.size());
  line += '\n';
  const std::size_t count = std::fwrite(line.data(), 1, line.size(), stream_.get());
  std::clearerr(stream_.get());  // a full disk may have room again
  good_ = count == line.size();
  torn_ = !good_ && (torn_ || count > 0);
}

}  // namespace hupd::log
