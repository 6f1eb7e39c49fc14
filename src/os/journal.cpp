#include "os/journal.hpp"

#include <cstdlib>
#include <string>

#include <sys/stat.h>
#include <unistd.h>

namespace hupd::os {

bool is_journal(int fd, std::string_view stream) {
  struct stat status = {};
  if (stream.empty() || fstat(fd, &status) != 0) return false;
  return stream == std::to_string(status.st_dev) + ':' + std::to_string(status.st_ino);
}

bool stderr_is_journal() {
  const char* stream = std::getenv("JOURNAL_STREAM");
  return stream != nullptr && is_journal(STDERR_FILENO, stream);
}

}  // namespace hupd::os
