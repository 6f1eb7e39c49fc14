#include "os/runtime_dir.hpp"

#include <cstdlib>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/fd.hpp"
#include "os/files.hpp"

namespace hupd::os {

namespace {

// In a place of somebody else's, or one where anybody can rename, the copies that are loaded could
// be exchanged for others.
Result<void> is_trusted(const std::string& place) {
  struct stat status = {};
  if (::stat(place.c_str(), &status) != 0) return failed("examine " + place);
  const bool ours = status.st_uid == ::geteuid() || status.st_uid == 0;
  const bool anybodys = (status.st_mode & S_IWOTH) != 0 && (status.st_mode & S_ISVTX) == 0;
  if (ours && !anybodys) return {};
  return refused("use " + place +
                 (ours ? ": everybody can write there" : ": it is another user's"));
}

Result<void> can_run_code(const std::string& dir) {
  const std::string path = dir + "/probe";
  const Fd probe(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_TRUNC, 0700));
  if (!probe) return failed("write in " + dir);
  ::unlink(path.c_str());
  if (::ftruncate(probe.get(), 1) != 0) return failed("write in " + dir);
  void* code = ::mmap(nullptr, 1, PROT_READ | PROT_EXEC, MAP_PRIVATE, probe.get(), 0);
  if (code == MAP_FAILED) return failed("run code from " + dir + " (mounted noexec?)");
  ::munmap(code, 1);
  return {};
}

Result<LockedDirectory> make_in(const std::string& place) {
  if (auto made = make_directories(place); !made) return tl::unexpected(made.error());
  if (auto trusted = is_trusted(place); !trusted) return tl::unexpected(trusted.error());
  remove_abandoned(place);
  auto made = LockedDirectory::create(place);
  if (!made) return made;
  if (auto able = can_run_code(made->path()); !able) return tl::unexpected(able.error());
  if (auto open = let_through(made->path()); !open) return tl::unexpected(open.error());
  return made;
}

void add_from(std::vector<std::string>& places, const char* variable, const char* suffix = "") {
  const char* value = ::getenv(variable);
  if (value == nullptr || *value == '\0') return;
  const std::string listed(value);  // systemd separates several by colons
  places.push_back(listed.substr(0, listed.find(':')) + suffix);
}

}  // namespace

std::vector<std::string> usual_runtime_places() {
  std::vector<std::string> places;
  add_from(places, "RUNTIME_DIRECTORY");
  add_from(places, "STATE_DIRECTORY");
  add_from(places, "CACHE_DIRECTORY");
  if (::geteuid() == 0) {
    for (const char* usual : {"/run/hupd", "/var/lib/hupd", "/var/cache/hupd"}) {
      places.emplace_back(usual);
    }
  } else {
    add_from(places, "XDG_RUNTIME_DIR", "/hupd");
    add_from(places, "XDG_CACHE_HOME", "/hupd");
    add_from(places, "HOME", "/.cache/hupd");
    places.push_back("/tmp/hupd-" + std::to_string(::geteuid()));
  }
  return places;
}

Result<RuntimeDir> RuntimeDir::create(const std::string& configured) {
  std::string faults;
  for (const auto& place : configured.empty() ? usual_runtime_places() : std::vector{configured}) {
    auto made = make_in(place);
    if (made) return RuntimeDir(place, std::move(*made));
    faults += (faults.empty() ? "" : "; ") + made.error().text;
  }
  return refused("no directory for private copies of libraries: " + faults +
                 " (set master.runtime_dir)");
}

Result<std::string> RuntimeDir::ensured() {
  if (own_.is_there()) return own_.path();
  auto made = make_in(place_);
  if (!made) return tl::unexpected(made.error());
  own_ = std::move(*made);
  ++times_made_;
  return own_.path();
}

}  // namespace hupd::os
