// What the configuration's keys are: for the sample file, the manual and completions.
#pragma once

#include <string>
#include <vector>

namespace hupd::config {

struct Description {
  std::string table;     // "app.NAME.http"
  std::string key;       // "idle_timeout"
  std::string type;      // "duration"; "table" for a sub-table, whose keys follow
  std::string range;     // "1ms to 1d"; may be empty
  std::string fallback;  // the default as TOML: "\"75s\""; of a required key an example
  std::string doc;       // one sentence
  bool required = false;
};

// Every key of every table, in the order of the sample file.
std::vector<Description> describe_keys();

// What `listen` takes: lines, each a form in quotes and what it means.
std::string address_forms();

// conf/hupd.toml: every key with its default and what it is for.
std::string sample();

}  // namespace hupd::config
