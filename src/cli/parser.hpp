// The command line's parser: every command with its flags, and where they end up.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/ask_flags.hpp"
#include "config/load.hpp"

namespace hupd::cli {

struct Parser {
  Parser();
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  std::vector<const CLI::App*> commands() const;  // in the order of the help

  CLI::App app;
  std::string control;
  std::vector<std::string> files;  // of run and check
  config::Overrides overrides;
  CLI::App& run;
  CLI::App& check;
  AskFlags asks;
};

}  // namespace hupd::cli
