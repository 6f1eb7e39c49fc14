#include "os/program.hpp"

#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include <fcntl.h>
#include <unistd.h>

extern char** environ;

namespace hupd::os {

namespace {

namespace fs = std::filesystem;

constexpr const char* running = "/proc/self/exe";

std::string found_in_path(const std::string& name) {
  const char* listed = ::getenv("PATH");
  for (std::string_view rest = listed != nullptr ? listed : ""; !rest.empty();) {
    const auto end = rest.find(':');
    std::string candidate = std::string(rest.substr(0, end)) + "/" + name;
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  return name;
}

}  // namespace

std::string program_file(const std::string& name) {
  std::error_code error;
  const auto candidate =
      fs::absolute(name.find('/') == std::string::npos ? found_in_path(name) : name, error);
  if (!error && fs::equivalent(candidate, running, error)) return candidate.lexically_normal();
  return fs::read_symlink(running, error).string();
}

void set_kept_on_exec(const std::vector<int>& fds, bool kept) {
  for (const int fd : fds) ::fcntl(fd, F_SETFD, kept ? 0 : FD_CLOEXEC);
}

Error become_program(const std::string& path, const std::vector<std::string>& arguments,
                     const std::map<std::string, std::string>& added_to_environment) {
  for (const auto& [name, value] : added_to_environment) {
    ::setenv(name.c_str(), value.c_str(), 1);
  }
  std::vector<char*> argv;
  for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  ::execve(path.c_str(), argv.data(), environ);
  auto error = failed("execute " + path).value();
  for (const auto& [name, value] : added_to_environment) ::unsetenv(name.c_str());
  return error;
}

std::optional<int> take_number_from_environment(const char* variable) {
  const char* value = ::getenv(variable);
  if (value == nullptr) return std::nullopt;
  const std::string text = value;
  ::unsetenv(variable);
  int number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace hupd::os
