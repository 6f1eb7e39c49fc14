// Any packets at all from a child, with any descriptors. What must hold, beside what the sanitizers
// see: the master hears only what such a child may say, nothing after the first breach, holds no
// legacy but what it asked for, and has no descriptor more afterwards.
#include <cstdio>

#include "log/logger.hpp"
#include "master/legacies.hpp"
#include "packets.hpp"
#include "wire/codec.hpp"
#include "wire/speech.hpp"

namespace {

using namespace hupd;

constexpr std::uint32_t asked_for = 3;

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

class Master {
 public:
  explicit Master(bool of_zygote) {
    uv_loop_init(&loop_);
    auto channel = os::channel_pair();
    auto output = os::output_pipe();
    if (!channel || !output) fail("no channel");
    far = std::move(channel->second);
    generation_.id = 1;
    process_.id = 1;
    process_.legacies_due = asked_for;
    speaker_ = of_zygote ? wire::Speaker::Zygote : wire::Speaker::Worker;
    process_.child = std::make_unique<master::Child>(
        &loop_, vault_, master::ChildName{"web", 1, of_zygote ? 0U : 1U, 0},
        wire::Link(std::move(channel->first)), std::move(output->reader),
        [this](wire::Letter& letter) { heard(letter); }, [this] { has_ended_ = true; });
  }
  ~Master() {
    process_.child.reset();
    legacies_.clear();
    uv_run(&loop_, UV_RUN_NOWAIT);
    if (uv_loop_close(&loop_) != 0) fail("a handle was left");
  }
  void catch_up() {
    process_.child->catch_up();
    if (legacies_.held() > asked_for) fail("more was left than was asked for");
  }

  os::Fd far;

 private:
  void heard(wire::Letter& letter) {
    if (has_ended_) fail("heard after its end");
    if (!wire::may_say(speaker_, letter.message)) fail("not its to say");
    if (letter.fds.size() > wire::descriptors_with(letter.message)) fail("too many descriptors");
    const auto again = wire::decode(wire::encode(letter.message));
    if (!again || again->index() != letter.message.index()) fail("not the same again");
    if (std::holds_alternative<wire::Left>(letter.message)) {
      legacies_.left(generation_, process_, letter);
    }
  }

  uv_loop_t loop_;
  wire::Speaker speaker_ = wire::Speaker::Worker;
  bool has_ended_ = false;
  master::Vault vault_;
  master::Generation generation_;
  master::WorkerProcess process_;
  master::Legacies legacies_{vault_};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const bool is_silent = log::process().configure({.file = "/dev/null"}).has_value();
  static const fuzz::Palette palette;
  if (size == 0 || !is_silent) return 0;
  std::string_view input(reinterpret_cast<const char*>(data + 1), size - 1);
  const int before = fuzz::lowest_free();
  {
    Master master((data[0] & 1) != 0);
    const bool one_by_one = (data[0] & 2) != 0;
    while (fuzz::send_one(input, master.far.get(), palette)) {
      if (one_by_one) master.catch_up();
    }
    master.far.reset();
    master.catch_up();
  }
  while (::waitpid(-1, nullptr, WNOHANG) > 0) {  // what discards; the fuzzer has children, too
  }
  if (fuzz::lowest_free() != before) fail("a descriptor was left open");
  return 0;
}
