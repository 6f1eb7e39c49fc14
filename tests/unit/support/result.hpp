// What failed, as text; empty: nothing did.
#pragma once

#include <string>

#include "os/result.hpp"

namespace hupd::test {

template <typename T>
std::string fault_of(const os::Result<T>& result) {
  return result ? std::string() : result.error().text;
}

}  // namespace hupd::test
