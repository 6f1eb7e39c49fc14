#include "master/log_settings.hpp"

#include "log/logger.hpp"
#include "os/journal.hpp"

namespace hupd::master {

namespace {

log::Level level_of(config::LogLevel level) {
  switch (level) {
    case config::LogLevel::Debug:
      return log::Level::Debug;
    case config::LogLevel::Info:
      return log::Level::Info;
    case config::LogLevel::Warning:
      return log::Level::Warning;
    case config::LogLevel::Error:
      return log::Level::Error;
  }
  return log::Level::Info;
}

log::Options options_of(const config::Log& settings) {
  const auto format =
      settings.format == config::LogFormat::Json ? log::Format::Json : log::Format::Text;
  return {level_of(settings.level), format, settings.file, os::stderr_is_journal()};
}

}  // namespace

os::Result<void> set_up_log(const config::Log& settings) {
  const auto configured = log::process().configure(options_of(settings));
  if (!configured) return os::refused(configured.error());
  return {};
}

void set_up_log_anyway(const config::Log& settings) {
  log::process().configure_anyway(options_of(settings));
}

}  // namespace hupd::master
