// Messages out of JSON, without an exception: what does not fit is a fault in words.
#pragma once

#include <algorithm>
#include <concepts>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "control/fields.hpp"

namespace hupd::control {

using ReadJson = nlohmann::json;

class JsonReader {
 public:
  explicit JsonReader(const ReadJson& object) : object_(object) {}

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
  template <std::unsigned_integral T>
  static bool take(const ReadJson& json, T& value) {
    if (!json.is_number_unsigned()) return false;
    const auto number = json.get<std::uint64_t>();
    value = static_cast<T>(number);
    return number <= std::numeric_limits<T>::max();
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
  template <typename T>
  static bool take(const ReadJson& json, std::optional<T>& value) {
    return take(json, value.emplace());
  }
  template <typename T>
  static bool take(const ReadJson& json, std::vector<T>& list) {
    if (!json.is_array()) return false;
    return std::all_of(json.begin(), json.end(),
                       [&list](const ReadJson& one) { return take(one, list.emplace_back()); });
  }
  template <Message T>
  static bool take(const ReadJson& json, T& message) {
    JsonReader reader(json);
    fields(reader, message);
    return json.is_object() && reader.fault_.empty();
  }

  const ReadJson& object_;
  std::vector<std::string> known_;
  std::string fault_;
};

}  // namespace hupd::control
