// What is wrong with a configuration, and where.
#pragma once

#include <string>

namespace hupd::config {

struct Fault {
  std::string file;     // as the caller named it; or the flag: "--listen"
  unsigned line = 0;    // 0: none, as for a flag or a file that cannot be read
  unsigned column = 0;  // in characters, from 1
  std::string text;

  // "hupd.toml:12:5: unknown key 'worker' in [app.web] (did you mean 'workers'?)", in one line.
  std::string describe() const;
  bool operator==(const Fault&) const = default;
};

}  // namespace hupd::config
