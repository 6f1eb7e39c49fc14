// What a worker's foreign code may write into the channel.
#include <random>

#include <gtest/gtest.h>

#include "samples.hpp"
#include "wire/codec.hpp"

namespace hupd::wire {
namespace {

constexpr int rounds = 100'000;
constexpr std::uint64_t seed = 20261122;

// A copy on the heap of exactly that size, so that a sanitizer sees a byte read beyond it.
std::optional<Message> decode_exactly(const std::string& bytes) {
  const std::vector<char> exact(bytes.begin(), bytes.end());
  return decode(std::string_view(exact.data(), exact.size()));
}

class Mutator {
 public:
  std::string bytes(std::size_t most) {
    std::string made(below(most + 1), '\0');
    for (auto& c : made) c = byte();
    return made;
  }
  std::string mutated(std::string bytes) {
    for (std::size_t change = 0, count = 1 + below(3); change < count; ++change) mutate(bytes);
    return bytes;
  }
  std::size_t below(std::size_t end) { return random_() % end; }

 private:
  char byte() { return static_cast<char>(random_()); }
  void mutate(std::string& bytes) {
    switch (below(4)) {
      case 0:
        if (!bytes.empty()) bytes[below(bytes.size())] = byte();
        return;
      case 1:
        bytes.resize(below(bytes.size() + 1));
        return;
      case 2:
        bytes.insert(below(bytes.size() + 1), 1, byte());
        return;
      default:
        bytes.erase(below(bytes.size() + 1), 1);
    }
  }
  std::mt19937_64 random_{seed};
};

TEST(Mutation, EveryPrefixOfAMessageIsRefused) {
  for (const auto& message : samples()) {
    const std::string whole = encode(message);
    for (std::size_t size = 0; size < whole.size(); ++size) {
      EXPECT_FALSE(decode_exactly(whole.substr(0, size))) << "kind " << message.index();
    }
  }
}

TEST(Mutation, AByteTooManyIsRefused) {
  for (const auto& message : samples()) {
    EXPECT_FALSE(decode_exactly(encode(message) + '\0')) << "kind " << message.index();
  }
}

TEST(Mutation, RandomBytesAreRefusedOrAreThatVeryMessage) {
  Mutator mutator;
  for (int round = 0; round < rounds; ++round) {
    const std::string bytes = mutator.bytes(64);
    if (const auto message = decode_exactly(bytes)) {
      ASSERT_EQ(encode(*message), bytes) << "round " << round;
    }
  }
}

TEST(Mutation, ChangedMessagesAreRefusedOrAreThatVeryMessage) {
  Mutator mutator;
  const auto all = samples();
  for (int round = 0; round < rounds; ++round) {
    const std::string bytes = mutator.mutated(encode(all[mutator.below(all.size())]));
    if (const auto message = decode_exactly(bytes)) {
      ASSERT_EQ(encode(*message), bytes) << "round " << round;
    }
  }
}

}  // namespace
}  // namespace hupd::wire
