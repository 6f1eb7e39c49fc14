// Messages out of JSON, without an exception: what does not fit is a fault in words.
#pragma once

#include <algorithm>
#include <charconv>
#include <chrono>
#include <concepts>
#include <deque>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

#include "json/concepts.hpp"
#include "json/words.hpp"

namespace hupd::json {

using ReadJson = nlohmann::json;

// A key that is not there leaves its value as it was.
class Reader {
 public:
  explicit Reader(const ReadJson& object) : object_(object) {}

  template <typename T>
  void operator()(const char* name, T& value) {
    known_.emplace_back(name);
    const auto found = object_.find(name);
    if (found == object_.end() || take(*found, value) || !fault_.empty()) return;
    fault_ = "'" + std::string(name) + "' is not what it should be";
  }

  const std::string& fault() const { return fault_; }  // empty: none

  // A key that nobody asked for; empty: there is none. With those that there are.
  std::string unknown_key() const {
    for (const auto& [key, value] : object_.items()) {
      if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
      std::string text = "unknown key '" + key + "': the keys are ";
      for (const auto& known : known_) text += (&known == known_.data() ? "" : ", ") + known;
      return text;
    }
    return {};
  }

 private:
  static bool take(const ReadJson& json, bool& value) {
    if (json.is_boolean()) value = json.get<bool>();
    return json.is_boolean();
  }
  static bool take(const ReadJson& json, std::string& value) {
    if (json.is_string()) value = json.get_ref<const std::string&>();
    return json.is_string();
  }
  static bool take(const ReadJson& json, Bytes& value) {
    if (!json.is_string()) return false;
    const auto& digits = json.get_ref<const std::string&>();
    value.bytes.clear();
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
      unsigned byte = 0;
      const auto read = std::from_chars(&digits[i], &digits[i] + 2, byte, 16);
      if (read.ec != std::errc() || read.ptr != &digits[i] + 2) return false;
      value.bytes += static_cast<char>(byte);
    }
    return digits.size() % 2 == 0;
  }
  template <std::integral T>
  static bool take(const ReadJson& json, T& value) {
    if (!json.is_number_integer()) return false;
    if (json.is_number_unsigned()) {
      const auto number = json.get<std::uint64_t>();
      value = static_cast<T>(number);
      return number <= static_cast<std::uint64_t>(std::numeric_limits<T>::max());
    }
    const auto number = json.get<std::int64_t>();
    value = static_cast<T>(number);
    return std::cmp_greater_equal(number, std::numeric_limits<T>::min());
  }
  template <Enumeration T>
  static bool take(const ReadJson& json, T& value) {
    if (!json.is_string()) return false;
    for (const auto& [known, text] : words(T{})) {
      if (json.get_ref<const std::string&>() != text) continue;
      value = known;
      return true;
    }
    return false;
  }
  template <typename Rep, typename Period>
  static bool take(const ReadJson& json, std::chrono::duration<Rep, Period>& value) {
    Rep count{};
    if (!take(json, count)) return false;
    value = std::chrono::duration<Rep, Period>(count);
    return true;
  }
  template <typename T>
  static bool take(const ReadJson& json, std::optional<T>& value) {
    return take(json, value.emplace());
  }
  template <typename T>
  static bool take(const ReadJson& json, std::vector<T>& list) {
    return take_list(json, list);
  }
  template <typename T>
  static bool take(const ReadJson& json, std::deque<T>& list) {
    return take_list(json, list);
  }
  template <typename T>
  static bool take(const ReadJson& json, std::set<T>& set) {
    std::vector<T> list;
    const bool taken = take_list(json, list);
    set = {list.begin(), list.end()};
    return taken;
  }
  template <typename Key, typename T>
  static bool take(const ReadJson& json, std::map<Key, T>& map) {
    map.clear();
    if (!json.is_array()) return false;
    return std::all_of(json.begin(), json.end(), [&map](const ReadJson& one) {
      Key key{};
      return one.is_array() && one.size() == 2 && take(one[0], key) && take(one[1], map[key]);
    });
  }
  template <typename... Ts>
  static bool take(const ReadJson& json, std::variant<Ts...>& value) {
    if (!json.is_array() || json.size() != 2 || !json[0].is_string()) return false;
    const auto& which = json[0].get_ref<const std::string&>();
    const auto* known = alternatives<std::variant<Ts...>>.data();
    bool taken = false;
    const auto take_if = [&]<typename T>(T empty) {
      if (which == *known++) taken = take(json[1], value.template emplace<T>(std::move(empty)));
    };
    (take_if(Ts{}), ...);
    return taken;
  }
  template <Message T>
  static bool take(const ReadJson& json, T& message) {
    if (!json.is_object()) return false;
    Reader reader(json);
    fields(reader, message);
    return reader.fault_.empty();
  }
  template <typename List>
  static bool take_list(const ReadJson& json, List& list) {
    list.clear();
    if (!json.is_array()) return false;
    return std::all_of(json.begin(), json.end(),
                       [&list](const ReadJson& one) { return take(one, list.emplace_back()); });
  }

  const ReadJson& object_;
  std::vector<std::string> known_;
  std::string fault_;
};

}  // namespace hupd::json
