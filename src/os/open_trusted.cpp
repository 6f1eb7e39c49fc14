// The way to a file, name by name.
#include <array>
#include <climits>
#include <deque>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/author.hpp"
#include "os/trust.hpp"

namespace hupd::os {

namespace {

namespace fs = std::filesystem;

constexpr int most_links = 40;  // as the kernel follows

// What is still to be walked, name by name.
using Way = std::deque<std::string>;

void prepend(Way& way, const fs::path& path) {
  Way names;
  for (const auto& name : path.relative_path()) {
    if (!name.empty() && name != ".") names.push_back(name);
  }
  way.insert(way.begin(), names.begin(), names.end());
}

class Walk {
 public:
  Walk(const std::string& path, const Trust& trust) : path_(path), trust_(trust) {}

  Result<Fd> run() {
    std::error_code error;
    if (auto begun = begin(fs::absolute(path_, error)); !begun)
      return tl::unexpected(begun.error());
    while (!way_.empty()) {
      const std::string name = std::move(way_.front());
      way_.pop_front();
      auto walked = step(name);
      if (!walked) return walked;
      if (*walked) return walked;
    }
    return refused(path_ + ": not a regular file");
  }

 private:
  // At the root again, with all of `path` ahead.
  Result<void> begin(const fs::path& path) {
    prepend(way_, path);
    at_ = Fd(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
    where_ = "/";
    struct stat status = {};
    if (!at_ || ::fstat(at_.get(), &status) != 0) return failed("open /");
    return examine_author(status, where_, trust_);
  }

  // The file when it has come there.
  Result<Fd> step(const std::string& name) {
    Fd next(::openat(at_.get(), name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    const std::string place = (fs::path(where_) / name).lexically_normal();
    struct stat status = {};
    if (!next || ::fstat(next.get(), &status) != 0) return failed("open " + path_);
    if (auto good = examine_author(status, place, trust_); !good) {
      return tl::unexpected(good.error());
    }
    if (S_ISLNK(status.st_mode)) return follow(next, place);
    if (way_.empty()) return open_file(next, status);
    at_ = std::move(next);
    where_ = place;
    return Fd();
  }

  Result<Fd> follow(const Fd& link, const std::string& place) {
    std::array<char, PATH_MAX> target{};
    const ssize_t size = ::readlinkat(link.get(), "", target.data(), target.size());
    if (size < 0) return failed("read link " + place);
    if (++links_ > most_links) return failed("open " + path_, ELOOP);
    const fs::path to(std::string(target.data(), static_cast<std::size_t>(size)));
    if (to.is_relative()) {
      prepend(way_, to);
    } else if (auto begun = begin(to); !begun) {
      return tl::unexpected(begun.error());
    }
    return Fd();
  }

  // By the descriptor that was examined. Not a pipe: to open one waits.
  Result<Fd> open_file(const Fd& file, const struct stat& status) const {
    if (!S_ISREG(status.st_mode)) return refused(path_ + ": not a regular file");
    const std::string held = "/proc/self/fd/" + std::to_string(file.get());
    Fd open(::open(held.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!open) return failed("open " + path_);
    return open;
  }

  const std::string& path_;
  const Trust& trust_;
  Way way_;
  Fd at_;
  std::string where_;
  int links_ = 0;
};

}  // namespace

Result<Fd> open_trusted(const std::string& path, const Trust& trust) {
  if (!trust.everybody) return Walk(path, trust).run();
  Fd open(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!open) return failed("open " + path);
  struct stat status = {};
  if (::fstat(open.get(), &status) != 0) return failed("open " + path);
  if (!S_ISREG(status.st_mode)) return refused(path + ": not a regular file");
  return open;
}

}  // namespace hupd::os
