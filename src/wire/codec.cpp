#include "wire/codec.hpp"

#include <algorithm>
#include <cstring>
#include <tuple>
#include <type_traits>
#include <utility>

namespace hupd::wire {

namespace {

// The fields of each message in order: the one place that writer and reader share.
auto fields(auto& m) {
  using M = std::remove_cvref_t<decltype(m)>;
  if constexpr (std::is_same_v<M, Boot>)
    return std::tie(m.generation, m.directory, m.copy);
  else if constexpr (std::is_same_v<M, Fork>)
    return std::tie(m.worker, m.slot);
  else if constexpr (std::is_same_v<M, TakenUp>)
    return std::tie(m.generation);
  else if constexpr (std::is_same_v<M, Copied>)
    return std::tie(m.path, m.hash);
  else if constexpr (std::is_same_v<M, Loaded>)
    return std::tie(m.version);
  else if constexpr (std::is_same_v<M, Forked>)
    return std::tie(m.worker, m.pid);
  else if constexpr (std::is_same_v<M, ForkFailed>)
    return std::tie(m.worker, m.reason);
  else if constexpr (std::is_same_v<M, Start>)
    return std::tie(m.generation, m.slot, m.page, m.listeners, m.refuse, m.orphan_ms);
  else if constexpr (std::is_same_v<M, Listeners> || std::is_same_v<M, Removed>)
    return std::tie(m.addresses);
  else if constexpr (std::is_same_v<M, Drain>)
    return std::tie(m.hand_over, m.is_last, m.successors);
  else if constexpr (std::is_same_v<M, Bequeath>)
    return std::tie(m.successors);
  else if constexpr (std::is_same_v<M, Inherit>)
    return std::tie(m.from_generation, m.from_slot, m.version, m.heir);
  else if constexpr (std::is_same_v<M, Left>)
    return std::tie(m.is_copy, m.is_some, m.version);
  else if constexpr (std::is_same_v<M, Worn>)
    return std::tie(m.limit);
  else if constexpr (std::is_same_v<M, Unwell>)
    return std::tie(m.reason);
  else if constexpr (std::is_same_v<M, Leaving>)
    return std::tie(m.cut);
  else if constexpr (std::is_same_v<M, Failed>)
    return std::tie(m.reason, m.unfit);
  else {
    static_assert(std::is_empty_v<M>, "a message with fields that are not listed here");
    return std::tuple<>();
  }
}

template <typename T>
concept Number = std::is_arithmetic_v<T>;

class Writer {
 public:
  template <Number T>
  void put(const T& number) {
    bytes_.append(reinterpret_cast<const char*>(&number), sizeof number);
  }
  void put(const std::string& text) {
    const auto size = static_cast<std::uint32_t>(std::min(text.size(), max_text_bytes));
    put(size);
    bytes_.append(text, 0, size);
  }
  void put(const std::vector<std::string>& list) {
    put(static_cast<std::uint32_t>(list.size()));
    for (const auto& text : list) put(text);
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  template <Number T>
  bool get(T& number) {
    if (bytes_.size() < sizeof number) return false;
    std::memcpy(&number, bytes_.data(), sizeof number);
    bytes_.remove_prefix(sizeof number);
    return true;
  }
  bool get(bool& flag) {
    std::uint8_t number = 0;
    if (!get(number) || number > 1) return false;
    flag = number == 1;
    return true;
  }
  bool get(std::string& text) {
    std::uint32_t size = 0;
    if (!get(size) || size > max_text_bytes || size > bytes_.size()) return false;
    text.assign(bytes_.substr(0, size));
    bytes_.remove_prefix(size);
    return true;
  }
  bool get(std::vector<std::string>& list) {
    std::uint32_t size = 0;
    if (!get(size) || size > max_list_size) return false;
    list.resize(size);
    return std::all_of(list.begin(), list.end(), [this](std::string& text) { return get(text); });
  }
  bool at_end() const { return bytes_.empty(); }

 private:
  std::string_view bytes_;
};

template <std::size_t... Kinds>
std::optional<Message> decode_kind(std::uint8_t kind, Reader& reader,
                                   std::index_sequence<Kinds...>) {
  std::optional<Message> result;
  const auto attempt = [&]<std::size_t Kind>() {
    if (kind != Kind) return;
    std::variant_alternative_t<Kind, Message> message;
    const bool whole =
        std::apply([&](auto&... field) { return (reader.get(field) && ...); }, fields(message));
    if (whole && reader.at_end()) result = std::move(message);
  };
  (attempt.template operator()<Kinds>(), ...);
  return result;
}

}  // namespace

std::string encode(const Message& message) {
  Writer writer;
  writer.put(static_cast<std::uint8_t>(message.index()));
  std::visit(
      [&](const auto& m) {
        std::apply([&](const auto&... f) { (writer.put(f), ...); }, fields(m));
      },
      message);
  return writer.take();
}

std::optional<Message> decode(std::string_view bytes) {
  Reader reader(bytes);
  std::uint8_t kind = 0;
  if (!reader.get(kind)) return std::nullopt;
  return decode_kind(kind, reader, std::make_index_sequence<std::variant_size_v<Message>>());
}

}  // namespace hupd::wire
