#include "log/logger.hpp"

#include <thread>

#include <spdlog/logger.h>

#include "log/stream_sink.hpp"

namespace hupd::log {
namespace {

using std::chrono::steady_clock;

constexpr int standard_error = 2;
constexpr auto longest_pause = std::chrono::seconds(1);

os::Result<os::NoWaitWriter> open(const std::string& file) {
  if (file.empty()) return os::NoWaitWriter::on(standard_error);
  return os::NoWaitWriter::append_to(file);
}

std::string note_of_dropped(std::size_t count, const std::string& file) {
  return std::to_string(count) + (count == 1 ? " line" : " lines") + " of log " +
         (count == 1 ? "was" : "were") + " dropped: the reader of " +
         (file.empty() ? "standard error" : file) + " did not keep up";
}

}  // namespace

Logger::Logger()
    : sink_(std::make_shared<StreamSink>(os::NoWaitWriter::on(standard_error))),
      spdlog_(std::make_unique<spdlog::logger>("hupd", sink_)) {
  spdlog_->set_level(spdlog::level::trace);               // `enabled` has decided already
  spdlog_->set_error_handler([](const std::string&) {});  // nowhere to complain to
}

Logger::~Logger() = default;

tl::expected<void, std::string> Logger::configure(const Options& options) {
  if (options.file != options_.file || lacks_file_) {
    auto out = open(options.file);
    if (!out) return tl::unexpected(std::move(out.error().text));
    sink_->replace(std::move(*out));
  }
  options_ = options;
  lacks_file_ = false;
  return {};
}

void Logger::configure_anyway(const Options& options) {
  const auto configured = configure(options);
  if (configured) return;
  options_ = options;
  lacks_file_ = true;
  write(Level::Error, {}, configured.error() + "; going on without it until logs are reopened");
}

void Logger::reopen() {
  if (options_.file.empty()) return;
  auto out = open(options_.file);
  if (out) {
    sink_->replace(std::move(*out));
    lacks_file_ = false;
  } else {
    write(Level::Error, {}, out.error().text + "; going on with the old one");
  }
}

void Logger::write(Level level, const Subject& subject, std::string_view text) noexcept {
  write_at(std::chrono::system_clock::now(), level, subject, text);
}

void Logger::write_at(Time time, Level level, const Subject& subject,
                      std::string_view text) noexcept {
  if (!enabled(level)) return;
  try {
    if (waits()) sink_->flush();
    tell_of_losses(time);
    put(render(time, level, subject, text));
    watch_congestion();
  } catch (...) {  // out of memory: this line is lost, and the process goes on
  }
}

bool Logger::waits() const { return !sink_->backlog().empty(); }

void Logger::flush() noexcept {
  try {
    sink_->flush();
    tell_of_losses(std::chrono::system_clock::now());
    watch_congestion();
  } catch (...) {  // out of memory: the next time
  }
}

void Logger::finish(std::chrono::milliseconds longest) noexcept {
  const auto end = steady_clock::now() + longest;
  for (flush(); waits() && steady_clock::now() < end; flush()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

bool Logger::asks_for_pause(Moment now) const {
  return congested_since_ && now - *congested_since_ < longest_pause;
}

void Logger::watch_congestion() {
  if (!sink_->backlog().is_congested()) {
    congested_since_.reset();
  } else if (!congested_since_) {
    congested_since_ = steady_clock::now();
  }
}

void Logger::put(std::string_view line) {
  spdlog_->log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
  lost_ += sink_->take_failed();
}

void Logger::tell_of_losses(Time time) {
  if (const auto dropped = sink_->backlog().take_dropped(); dropped > 0) {
    put(render(time, Level::Warning, {}, note_of_dropped(dropped, options_.file)));
  }
  if (lost_ == 0) return;
  const std::size_t before = lost_;
  put(render(time, Level::Warning, {},
             "lines that could not be written before this one: " + std::to_string(lost_)));
  lost_ = lost_ == before ? 0 : lost_ - 1;  // failed again: this note is none of the lost lines
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
