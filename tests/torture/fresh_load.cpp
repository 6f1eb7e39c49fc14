#include "fresh_load.hpp"

#include <cstdint>
#include <utility>

#include <sys/socket.h>

namespace hupd::torture {
namespace {

// Above this many at once the server has long failed, and descriptors would be the next to go.
constexpr std::uint64_t most_outstanding = 5000;

Question closing(Question question) {
  question.close = true;
  return question;
}

}  // namespace

FreshLoad::FreshLoad(Run& run, Question question, unsigned per_second)
    : Load(run, "fresh", closing(std::move(question))),
      interval_(Duration(std::chrono::seconds(1)) / per_second) {}

void FreshLoad::start() {
  due_ = now() + interval_;
  run_.loop.at(due_, [this] { send_due(); });
}

void FreshLoad::send_due() {
  for (; !stopping_ && due_ <= now(); due_ += interval_) {
    if (outstanding_ >= most_outstanding) {
      fail_unsent("not sent: too many requests outstanding");
      continue;
    }
    const std::size_t turn = turn_++;
    const Address source = spread_source(static_cast<unsigned>(turn));
    const bool spread = target(turn).family() == AF_INET;
    connect(turn, spread ? &source : nullptr).send(ask(due_));
  }
  if (!stopping_) run_.loop.at(due_, [this] { send_due(); });
}

}  // namespace hupd::torture
