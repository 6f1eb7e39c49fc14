// What the command line asks for. The defaults here are the defaults there.
#pragma once

#include <string>
#include <vector>

#include "load.hpp"
#include "reloader.hpp"

namespace hupd::torture {

struct Options {
  std::vector<Address> targets;
  Duration duration = std::chrono::seconds(10);
  Timeouts timeouts;
  Question question;  // what all loads ask, but for what follows

  unsigned fresh = 0;  // a second; 0: this load is not part of the run, and so for the others
  std::size_t busy = 0;
  std::size_t thinking = 0;
  Duration think = std::chrono::seconds(1);
  unsigned think_jitter_percent = 20;
  std::size_t pipelining = 0;
  std::size_t depth = 8;
  std::size_t uploads = 0;
  std::size_t upload_size = 64 * 1024;
  std::size_t upload_pieces = 10;
  Duration upload_time = std::chrono::seconds(1);
  std::string upload_target = "/";
  std::string expect_upload;
  std::size_t long_requests = 0;
  std::string long_target = "/";
  std::string expect_long;

  std::string generation_header;
  bool generation_body = false;
  bool must_switch = false;  // a reload that brings no new generation is a failure
  bool must_keep = false;    // a connection that the server closes is a failure
  bool end_when_reloaded = false;
  ReloadPlan reload;
  std::string json;  // "-": standard output; empty: none
};

// Fills `options` and returns -1, or the exit code (help asked for: 0; wrong usage: 2).
int parse_options(int argc, char** argv, Options& options);

}  // namespace hupd::torture
