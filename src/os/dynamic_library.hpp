// Loading code. What is loaded is never unloaded: its threads, atexit handlers and unique symbols
// cannot be taken back. A new version is a new process.
#pragma once

#include <string>

#include "os/result.hpp"

namespace hupd::os {

class DynamicLibrary {
 public:
  // All symbols are resolved now, so that a missing one is found at the deploy, not at a request.
  static Result<DynamicLibrary> load(const std::string& path);

  const void* find(const char* symbol) const;  // null: not exported

 private:
  explicit DynamicLibrary(void* handle) : handle_(handle) {}
  void* handle_;
};

}  // namespace hupd::os
