#include "os/control_place.hpp"

#include <cstdlib>
#include <filesystem>

#include <sys/stat.h>
#include <unistd.h>

namespace hupd::os {

namespace {

std::string variable(const char* name) {
  const char* value = ::getenv(name);
  return value == nullptr ? std::string() : value;
}

}  // namespace

std::string usual_control_path() {
  if (const std::string listed = variable("RUNTIME_DIRECTORY"); !listed.empty()) {
    return listed.substr(0, listed.find(':')) + "/control.sock";  // several are separated by colons
  }
  if (::geteuid() == 0) return "/run/hupd/control.sock";
  const std::string run = variable("XDG_RUNTIME_DIR");
  return run.empty() ? std::string() : run + "/hupd/control.sock";
}

bool is_anybodys_place(const std::string& path) {
  const auto directory = std::filesystem::path(path).parent_path().string();
  struct stat status = {};
  return ::stat(directory.empty() ? "." : directory.c_str(), &status) == 0 &&
         (status.st_mode & S_IWOTH) != 0;
}

}  // namespace hupd::os
