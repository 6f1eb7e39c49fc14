// What `state_append` writes to.
#pragma once

#include <cstdint>
#include <string>

struct hupd_export {
  std::uint32_t version = 0;
  std::string bytes;
  bool is_empty = true;  // nothing was appended, not even nothing
};
