// What was said, in the order in which everybody hears it: a file to which all workers append,
// those of the old generation and of the new one alike. A line's place in it is its number.
#pragma once

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uv.h>

class Journal {
 public:
  // `path`: in a directory that the workers may write to. `kept`: bytes; of what is older, the file
  // system gets its room back, while the numbers go on. `changed` is called from the loop.
  Journal(const std::string& path, std::uint64_t kept, uv_loop_t* loop,
          std::function<void()> changed)
      : file_(::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)),
        kept_(kept),
        changed_(std::move(changed)) {
    if (file_ < 0) fail("open " + path);
    watch_ = new uv_fs_event_t;
    uv_fs_event_init(loop, watch_);
    watch_->data = this;
    const int error = uv_fs_event_start(
        watch_, [](uv_fs_event_t* on, const char*, int, int) { of(on).changed_(); }, path.c_str(),
        0);
    if (error != 0) {
      close();
      throw std::runtime_error("watch " + path + ": " + uv_strerror(error));
    }
  }
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;
  ~Journal() { close(); }

  // The line as a whole, which holds no line feed or NUL, or nothing and an exception.
  void append(std::string line) {
    line += '\n';
    const Locked locked(file_, LOCK_EX);
    const ssize_t written = ::write(file_, line.data(), line.size());
    const auto end = static_cast<std::uint64_t>(::lseek(file_, 0, SEEK_CUR));
    if (written < 0) fail("write to the journal");
    const auto start = end - static_cast<std::uint64_t>(written);
    if (static_cast<std::size_t>(written) != line.size()) {
      if (::ftruncate(file_, static_cast<off_t>(start)) != 0) fail("cut the journal");
      errno = ENOSPC;
      fail("write to the journal");
    }
    // A file system that cannot do this keeps everything.
    if (end > kept_ && end / kept_ != start / kept_) {
      static_cast<void>(::fallocate(file_, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0,
                                    static_cast<off_t>(end - kept_)));
    }
  }

  // Numbers of one journal mean nothing in another.
  std::uint64_t identity() const { return status().st_ino; }

  // The number of the next line to be said. Nobody is within a line at that moment.
  std::uint64_t end() {
    const Locked locked(file_, LOCK_SH);
    seen_ = static_cast<std::uint64_t>(status().st_size);
    return seen_;
  }

  // Some lines from this number to what end() saw last, each whole with its line feed; empty: there
  // are none. Nothing: they are no longer kept. Lives until the next call.
  std::optional<std::string_view> from(std::uint64_t number) {
    if (number >= seen_) return std::string_view();
    if (number < number_ || number >= number_ + lines_.size()) read(number);
    const auto lines = std::string_view(lines_).substr(number - number_);
    if (lines.find('\0') != std::string_view::npos) return std::nullopt;
    return lines;
  }

 private:
  class Locked {
   public:
    Locked(int file, int how) : file_(file) {
      while (::flock(file_, how) != 0) {
        if (errno != EINTR) fail("lock the journal");
      }
    }
    Locked(const Locked&) = delete;
    Locked& operator=(const Locked&) = delete;
    ~Locked() { ::flock(file_, LOCK_UN); }

   private:
    int file_;
  };

  [[noreturn]] static void fail(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
  }
  static Journal& of(uv_fs_event_t* watch) { return *static_cast<Journal*>(watch->data); }

  // The loop has the watch a little longer.
  void close() {
    uv_close(reinterpret_cast<uv_handle_t*>(watch_),
             [](uv_handle_t* watch) { delete reinterpret_cast<uv_fs_event_t*>(watch); });
    ::close(file_);
  }

  struct stat status() const {
    struct stat status {};
    if (::fstat(file_, &status) != 0) fail("look at the journal");
    return status;
  }

  // Users who have heard everything want the same lines, so these are read once for all of them.
  void read(std::uint64_t number) {
    number_ = number;
    lines_.resize(std::min<std::uint64_t>(seen_ - number, at_once));
    const ssize_t got = ::pread(file_, lines_.data(), lines_.size(), static_cast<off_t>(number));
    if (got < 0) {
      lines_.clear();
      fail("read the journal");
    }
    lines_.resize(static_cast<std::size_t>(got));
    if (lines_.find('\0') == std::string::npos) lines_.resize(lines_.rfind('\n') + 1);
  }

  static constexpr std::uint64_t at_once = 65536;  // more than a line has

  int file_;
  std::uint64_t kept_;
  std::function<void()> changed_;
  uv_fs_event_t* watch_ = nullptr;
  std::uint64_t seen_ = 0;    // up to here there are whole lines
  std::uint64_t number_ = 0;  // of the first of `lines_`
  std::string lines_;
};
