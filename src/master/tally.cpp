#include "master/tally.hpp"

#include <limits>

namespace hupd::master {

namespace {

constexpr std::uint64_t control::Counts::*all[] = {
    &control::Counts::accepted,       &control::Counts::taken_over, &control::Counts::requests,
    &control::Counts::received_bytes, &control::Counts::sent_bytes, &control::Counts::timeouts,
    &control::Counts::refused};
static_assert(sizeof(control::Counts) == sizeof(std::uint64_t) * std::size(all));

}  // namespace

control::Counts counts_of(const wire::Page& page) {
  constexpr auto relaxed = std::memory_order_relaxed;
  return {.accepted = page.accepted.load(relaxed),
          .taken_over = page.taken_over.load(relaxed),
          .requests = page.requests.load(relaxed),
          .received_bytes = page.received_bytes.load(relaxed),
          .sent_bytes = page.sent_bytes.load(relaxed),
          .timeouts = page.timeouts.load(relaxed),
          .refused = page.refused.load(relaxed)};
}

control::Counts Tally::take(const wire::Page& page) {
  const auto now = counts_of(page);
  control::Counts more;
  for (const auto count : all) {
    if (now.*count <= taken_.*count) continue;
    more.*count = now.*count - taken_.*count;
    taken_.*count = now.*count;
  }
  return more;
}

void add_to(control::Counts& sum, const control::Counts& more) {
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  for (const auto count : all) {
    sum.*count = more.*count > most - sum.*count ? most : sum.*count + more.*count;
  }
}

}  // namespace hupd::master
