// One command that asks a master, with its flags as CLI11 fills them in.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/ask_flags.hpp"

namespace hupd::cli {

struct AskFlags::Given {
  CLI::App* parser = nullptr;
  Ask ask;
  std::vector<std::string> words;
  std::string timeout;
  bool no_wait = false;
  bool no_probation = false;
};

}  // namespace hupd::cli
