// The help of the program and of each command, from their descriptions.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "cli/describe.hpp"

namespace hupd::cli {

std::string usage_of(const CommandText& command);  // "hupd reload [OPTIONS] [APP…] [CONF.toml]"
std::string help_of(const CommandText& command);
std::string help_of(const Program& program);

// "-l, --listen ADDRESS"
std::string heading_of(const Flag& flag);

// For CLI11, which would write positional arguments as "[files(0x)]" and lines without an end.
struct Help : CLI::FormatterBase {
  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override;
};

}  // namespace hupd::cli
