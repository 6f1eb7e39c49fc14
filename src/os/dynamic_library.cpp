#include "os/dynamic_library.hpp"

#include <dlfcn.h>

namespace hupd::os {

Result<DynamicLibrary> DynamicLibrary::load(const std::string& path) {
  void* handle = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    const char* why = ::dlerror();
    return refused("load " + path + ": " + (why != nullptr ? why : "unknown error"));
  }
  return DynamicLibrary(handle);
}

const void* DynamicLibrary::find(const char* symbol) const { return ::dlsym(handle_, symbol); }

}  // namespace hupd::os
