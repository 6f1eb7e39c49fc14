#include "master/output.hpp"

#include "log/escape.hpp"

namespace hupd::master {

namespace {

constexpr std::size_t kept_lines = 5;
constexpr std::size_t longest_line = log::longest_text;  // a longer one is relayed in pieces
// At a time, so that the log can ask for a pause before it has no room left.
constexpr std::size_t most_at_a_time = 64UL * 1024;
constexpr std::uint64_t pause_ms = 20;

}  // namespace

log::Subject ChildName::subject() const {
  log::Subject subject{.app = app};
  if (generation != 0) subject.gen = generation;
  if (slot != 0) subject.worker = slot;
  if (pid != 0) subject.pid = pid;
  return subject;
}

Output::Output(uv_loop_t* loop, os::Fd pipe, const ChildName& name)
    : name_(name),
      pipe_(std::move(pipe)),
      watch_(pipe_ ? std::make_unique<loop::Readable>(loop, pipe_.get(), [this] { on_readable(); })
                   : nullptr),
      again_(loop, [this] {
        if (watch_) watch_->start();
      }) {}

void Output::resume(std::string partial, std::deque<std::string> last_lines) {
  partial_ = std::move(partial);
  last_ = std::move(last_lines);
}

// Meanwhile the pipe fills, and in the end who writes to it waits: an application that says more
// than the log's reader takes. It does not wait for one that is stuck: the log then drops lines.
void Output::on_readable() {
  if (!log::process().asks_for_pause()) return take(most_at_a_time);
  watch_->stop();
  again_.start(pause_ms);
}

void Output::take(std::size_t most) {
  if (!watch_) return;
  const bool open = os::read_available(pipe_.get(), partial_, most);
  std::size_t begin = 0;
  for (auto end = partial_.find('\n'); end != std::string::npos; end = partial_.find('\n', begin)) {
    relay(std::string_view(partial_).substr(begin, end - begin));
    begin = end + 1;
  }
  partial_.erase(0, begin);
  if (!partial_.empty() && (!open || partial_.size() > longest_line)) {
    relay(partial_);
    partial_.clear();
  }
  if (!open) watch_.reset();
}

void Output::relay(std::string_view line) {
  const auto [level, text] = log::parse_priority(line);
  if (text.empty()) return;
  for (std::string_view rest = text; !rest.empty();) {
    const auto piece = rest.substr(0, longest_line);
    log::write(level.value_or(log::Level::Info), name_.subject(), piece);
    rest.remove_prefix(piece.size());
  }
  if (level.has_value() && *level != log::Level::Error) return;  // hupd's own news, no complaint
  last_.emplace_back(text.substr(0, longest_line));
  if (last_.size() > kept_lines) last_.pop_front();
}

std::string Output::last_words() const { return in_one_line({last_.begin(), last_.end()}); }

std::string in_one_line(const std::vector<std::string>& lines) {
  std::string words;
  for (const auto& line : lines) words += (words.empty() ? "\"" : " | \"") + line + "\"";
  return words;
}

}  // namespace hupd::master
