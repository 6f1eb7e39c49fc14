// What is known of a deploy before it is loaded, by the hash of its copy: that it has failed
// before, or is what serves already.
#pragma once

#include <map>
#include <string>

namespace hupd::master {

struct Expectation {
  std::map<std::string, std::string> failed;  // hashes that failed their probation, and how
  std::string serving;        // what serves, with the same configuration; empty: with another one
  bool is_done_then = false;  // when it is that: nothing is to be done
};

// What failed, with which configuration: mended settings are another deploy of the same library.
struct Condemned {
  std::string hash;
  std::string plan;
  std::string reason;
};

}  // namespace hupd::master
