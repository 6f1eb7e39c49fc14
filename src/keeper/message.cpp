#include "keeper/message.hpp"

#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace hupd::keeper {

namespace {

constexpr std::string_view greeting = "hupd-keeper ";

constexpr std::array<std::pair<Word, std::string_view>, 15> words = {{
    {Word::Lead, "lead"},
    {Word::Put, "put"},
    {Word::Remove, "remove"},
    {Word::Renew, "renew"},
    {Word::Settled, "settled"},
    {Word::End, "end"},
    {Word::Ask, "ask"},
    {Word::Take, "take"},
    {Word::Drop, "drop"},
    {Word::Led, "led"},
    {Word::Taken, "taken"},
    {Word::Others, "others"},
    {Word::Yours, "yours"},
    {Word::Is, "is"},
    {Word::All, "all"},
}};

std::string_view text_of(Word word) {
  for (const auto& [one, text] : words) {
    if (one == word) return text;
  }
  return {};
}

// Up to `end`, which is taken as well.
std::optional<std::string_view> take_until(std::string_view& rest, char end) {
  const auto found = rest.find(end);
  if (found == std::string_view::npos) return std::nullopt;
  const auto taken = rest.substr(0, found);
  rest.remove_prefix(found + 1);
  return taken;
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return value;
}

std::optional<std::string> take_field(std::string_view& rest) {
  const auto length = take_until(rest, ':');
  const auto size = length ? number(*length) : std::nullopt;
  if (!size || *size > rest.size()) return std::nullopt;
  std::string field(rest.substr(0, *size));
  rest.remove_prefix(*size);
  return field;
}

}  // namespace

std::string encode(const Message& message) {
  std::string bytes(greeting);
  bytes += std::to_string(version) + ' ';
  bytes += text_of(message.word);
  bytes += '\n';
  for (const auto& field : message.fields) bytes += std::to_string(field.size()) + ':' + field;
  return bytes;
}

tl::expected<Message, std::string> decode(std::string_view bytes) {
  const auto nothing = tl::unexpected(std::string("it does not speak as a keeper does"));
  if (!bytes.starts_with(greeting)) return nothing;
  bytes.remove_prefix(greeting.size());
  const auto spoken = take_until(bytes, ' ');
  if (!spoken || !number(*spoken)) return nothing;
  if (*number(*spoken) != version) {
    return tl::unexpected("it speaks version " + std::string(*spoken) +
                          " of what masters and keepers say, and this hupd " +
                          std::to_string(version));
  }
  const auto word = take_until(bytes, '\n');
  for (const auto& [one, text] : words) {
    if (!word || text != *word) continue;
    Message message{one};
    while (!bytes.empty()) {
      auto field = take_field(bytes);
      if (!field) return nothing;
      message.fields.push_back(std::move(*field));
    }
    return message;
  }
  return nothing;
}

std::uint64_t number_in(const Message& message, std::size_t field) {
  return field < message.fields.size() ? number(message.fields[field]).value_or(0) : 0;
}

}  // namespace hupd::keeper
