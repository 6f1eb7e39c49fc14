// The position of a body reader, as it travels with a connection.
#include <cstring>
#include <type_traits>

#include "http/body_reader.hpp"

namespace hupd::http1 {
namespace {

struct Position {
  std::uint64_t state;
  std::uint64_t remaining;
  std::uint64_t overhead;
};
static_assert(std::has_unique_object_representations_v<Position>);
static_assert(sizeof(Position) == BodyReader::saved_size);

}  // namespace

std::string BodyReader::save() const {
  const Position position{static_cast<std::uint64_t>(state_), remaining_, overhead_};
  return {reinterpret_cast<const char*>(&position), sizeof position};
}

bool BodyReader::restore(std::string_view saved) {
  Position position{};
  if (saved.size() != sizeof position) return false;
  std::memcpy(&position, saved.data(), sizeof position);
  if (position.state > static_cast<std::uint64_t>(State::Done)) return false;
  const bool is_done = position.state == static_cast<std::uint64_t>(State::Done);
  const bool grew = !is_chunked_ && position.remaining > remaining_;
  if (is_done || grew || position.overhead > max_overhead_) return false;
  state_ = static_cast<State>(position.state);
  remaining_ = position.remaining;
  overhead_ = position.overhead;
  return true;
}

}  // namespace hupd::http1
