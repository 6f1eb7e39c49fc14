#include "worker/succession.hpp"

#include <cerrno>
#include <string>
#include <utility>

#include "connection/export.hpp"
#include "os/memory.hpp"
#include "worker/host.hpp"

namespace hupd::worker {

namespace {

std::string origin(const wire::Inherit& from) {
  return "what worker " + std::to_string(from.from_slot) + " of generation " +
         std::to_string(from.from_generation) + " left";
}

}  // namespace

Succession::Succession(const Application& application, hupd_worker& worker,
                       std::atomic<std::uint32_t>& inheriting, std::size_t most, Tell tell)
    : application_(application),
      worker_(worker),
      inheriting_(inheriting),
      most_(most),
      tell_(std::move(tell)) {}

bool Succession::comes_first() const {
  const hupd_app& table = application_.table();
  return table.take_state != nullptr && table.inherits == HUPD_BEFORE_READY;
}

os::Result<void> Succession::take(const wire::Inherit& from, const std::vector<os::Fd>& fds) {
  const auto take_state = application_.table().take_state;
  if (take_state == nullptr) return {};
  const auto content = fds.size() == 1 ? os::Mapping::map_sealed(fds[0].get(), most_)
                                       : os::refused("it found no room (limits.nofile)");
  if (!content) {
    const bool is_large = content.error().code == EFBIG;
    log_line(HUPD_WARNING, origin(from) + " is not taken: " + content.error().text +
                               (is_large ? " (handover.max_state)" : ""));
    return {};
  }
  const hupd_inheritance inheritance{
      sizeof inheritance,
      from.from_slot,
      from.from_generation,
      from.heir ? 1 : 0,
      {from.version, {reinterpret_cast<const char*>(content->data()), content->size()}}};
  inheriting_ = 1;
  const int result = take_state(application_.instance(), &worker_, &inheritance);
  if (result != 0) {  // the flag stays: who ends now, ends of this
    return os::refused("take_state failed with " + std::to_string(result) + ": " + take_failure() +
                       " (" + origin(from) + ", version " + std::to_string(from.version) + ")");
  }
  inheriting_ = 0;
  return {};
}

void Succession::bequeath(std::uint64_t successors) {
  copied_all_ = !leave(HUPD_SERVING);
  copied_to_ = successors;
}

void Succession::retiring(std::uint64_t successors) {
  if (successors == 0 || (successors == copied_to_ && copied_all_)) return;
  is_due_ = leave(HUPD_RETIRING);
}

void Succession::retired() {
  if (is_due_) leave(HUPD_RETIRED);
}

bool Succession::leave(hupd_moment moment) {
  wire::Left left{moment == HUPD_SERVING, false, 0};
  bool has_more = false;
  hupd_export out;
  const auto leave_state = application_.table().leave_state;
  if (leave_state != nullptr) {
    const int result = leave_state(application_.instance(), &worker_, moment, &out);
    has_more = result == HUPD_LEFT_MORE;
    if (result != HUPD_LEFT && result != HUPD_LEFT_MORE) {
      out.is_empty = true;
      log_line(HUPD_WARNING, "nothing is left to others: leave_state failed with " +
                                 std::to_string(result) + ": " + take_failure());
    }
  }
  if (out.bytes.size() > most_) {
    out.is_empty = true;
    log_line(HUPD_WARNING, "nothing is left to others: " + std::to_string(out.bytes.size()) +
                               " bytes are more than the " + std::to_string(most_) +
                               " that may be (handover.max_state)");
  }
  os::Fd content;
  if (!out.is_empty) {
    auto made = os::sealed_memory_with("hupd-legacy", out.bytes);
    if (!made) log_line(HUPD_WARNING, "nothing is left to others: " + made.error().text);
    if (made) content = std::move(*made);
    left.version = out.version;
    left.is_some = static_cast<bool>(content);
  }
  tell_(left, content ? std::vector<int>{content.get()} : std::vector<int>{});
  return has_more;
}

}  // namespace hupd::worker
