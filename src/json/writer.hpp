// Messages as JSON. The JSON library is slow to compile: for codecs alone.
#pragma once

#include <chrono>
#include <concepts>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

#include "json/concepts.hpp"
#include "json/words.hpp"

namespace hupd::json {

using Json = nlohmann::ordered_json;

class Writer {
 public:
  explicit Writer(Json& object) : object_(object) {}

  template <typename T>
  void operator()(const char* name, T& value) {
    object_[name] = made(value);
  }
  template <typename T>
  void operator()(const char* name, std::optional<T>& value) {  // without a value: no key
    if (value) object_[name] = made(*value);
  }

 private:
  static Json made(const std::string& text) { return text; }
  static Json made(const Bytes& value) {
    std::string digits;
    for (const char byte : value.bytes) {
      for (const int shift : {4, 0}) {
        digits += "0123456789abcdef"[(static_cast<unsigned char>(byte) >> shift) & 15];
      }
    }
    return digits;
  }
  template <std::integral T>
  static Json made(T value) {
    return value;
  }
  template <Enumeration T>
  static Json made(T value) {
    return word(value);
  }
  template <typename Rep, typename Period>
  static Json made(std::chrono::duration<Rep, Period> value) {
    return value.count();
  }
  template <typename T>
  static Json made(std::vector<T>& list) {
    return array_of(list);
  }
  template <typename T>
  static Json made(std::deque<T>& list) {
    return array_of(list);
  }
  template <typename T>
  static Json made(std::set<T>& list) {
    return array_of(list);
  }
  template <typename Key, typename T>
  static Json made(std::map<Key, T>& map) {  // [[key, value], …]
    Json array = Json::array();
    for (auto& [key, value] : map) array.push_back(Json::array({made(key), made(value)}));
    return array;
  }
  template <typename... Ts>
  static Json made(std::variant<Ts...>& value) {  // [which, value]
    static_assert(alternatives<std::variant<Ts...>>.size() == sizeof...(Ts));
    const auto which = alternatives<std::variant<Ts...>>[value.index()];
    return Json::array({which, std::visit([](auto& one) { return made(one); }, value)});
  }
  template <Message T>
  static Json made(T& message) {
    Json object = Json::object();
    Writer writer(object);
    fields(writer, message);
    return object;
  }
  template <typename List>
  static Json array_of(List& list) {
    Json array = Json::array();
    for (auto& element : list) array.push_back(made(element));
    return array;
  }

  Json& object_;
};

}  // namespace hupd::json
