#include "wire/scoreboard.hpp"

namespace hupd::wire {

bool lacked_room(const Page& page, std::uint64_t now_ns, std::uint64_t within_ns) {
  const auto since_ns = page.room_since_ns.load(std::memory_order_relaxed);
  if (since_ns == 0 || since_ns == no_room) return since_ns == no_room;
  return since_ns <= now_ns && now_ns - since_ns < within_ns;
}

os::Result<os::Fd> Scoreboard::create() {
  return os::memory_of_fixed_size("hupd-scoreboard", max_pages * page_bytes);
}

os::Result<Scoreboard> Scoreboard::map(int fd, os::Access access) {
  auto mapping = os::Mapping::map(fd, 0, max_pages * page_bytes, access);
  if (!mapping) return tl::unexpected(mapping.error());
  return Scoreboard(std::move(*mapping));
}

os::Result<OwnPage> OwnPage::map(int fd, std::uint32_t index) {
  auto mapping = os::Mapping::map(fd, index * page_bytes, page_bytes, os::Access::ReadWrite);
  if (!mapping) return tl::unexpected(mapping.error());
  return OwnPage(std::move(*mapping));
}

}  // namespace hupd::wire
