#include "log/logger.hpp"

#include <cerrno>
#include <system_error>

#include <spdlog/logger.h>

#include "log/stream_sink.hpp"

namespace hupd::log {
namespace {

tl::expected<Stream, std::string> open(const std::string& file) {
  if (file.empty()) return Stream(stderr);
  Stream stream(std::fopen(file.c_str(), "ae"));  // children must not inherit it
  if (stream) return stream;
  return tl::unexpected("open log file " + file + ": " + std::generic_category().message(errno));
}

}  // namespace

Logger::Logger()
    : sink_(std::make_shared<StreamSink>(Stream(stderr))),
      spdlog_(std::make_unique<spdlog::logger>("hupd", sink_)) {
  spdlog_->set_level(spdlog::level::trace);               // `enabled` has decided already
  spdlog_->set_error_handler([](const std::string&) {});  // nowhere to complain to
}

Logger::~Logger() = default;

tl::expected<void, std::string> Logger::configure(const Options& options) {
  if (options.file != options_.file) {
    auto stream = open(options.file);
    if (!stream) return tl::unexpected(std::move(stream.error()));
    sink_->replace(std::move(*stream));
  }
  options_ = options;
  return {};
}

void Logger::reopen() {
  if (options_.file.empty()) return;
  auto stream = open(options_.file);
  if (stream) {
    sink_->replace(std::move(*stream));
  } else {
    write(Level::Error, {}, stream.error() + "; going on with the old one");
  }
}

void Logger::write(Level level, const Subject& subject, std::string_view text) noexcept {
  write_at(std::chrono::system_clock::now(), level, subject, text);
}

void Logger::write_at(Time time, Level level, const Subject& subject,
                      std::string_view text) noexcept {
  if (!enabled(level)) return;
  try {
    if (lost_ > 0) {
      const std::string note =
          "lines that could not be written before this one: " + std::to_string(lost_);
      if (put(render(time, Level::Warning, {}, note))) lost_ = 0;
    }
    if (!put(render(time, level, subject, text))) ++lost_;
  } catch (...) {  // out of memory: this line is lost, and the process goes on
  }
}

bool Logger::put(std::string_view line) {
  spdlog_->log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
  return sink_->good();
}

std::string Logger::render(Time time, Level level, const Subject& subject,
                           std::string_view text) const {
  if (options_.format == Format::Json) return json_line(time, level, subject, text);
  if (options_.journal && options_.file.empty()) return journal_line(level, subject, text);
  return text_line(time, level, subject, text);
}

Logger& process() {
  static Logger logger;
  return logger;
}

}  // namespace hupd::log
