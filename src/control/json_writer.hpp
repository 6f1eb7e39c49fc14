// Messages as JSON. The JSON library is slow to compile: for the codec alone.
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "control/fields.hpp"

namespace hupd::control {

using Json = nlohmann::ordered_json;

class JsonWriter {
 public:
  explicit JsonWriter(Json& object) : object_(object) {}

  template <typename T>
  void operator()(const char* name, T& value) {
    object_[name] = made(value);
  }
  template <typename T>
  void operator()(const char* name, std::optional<T>& value) {  // without a value: no key
    if (value) object_[name] = made(*value);
  }

 private:
  static Json made(std::string& text) { return text; }
  template <std::integral T>
  static Json made(T value) {
    return value;
  }
  template <Enumeration T>
  static Json made(T value) {
    return word(value);
  }
  template <typename T>
  static Json made(std::vector<T>& list) {
    Json array = Json::array();
    for (T& element : list) array.push_back(made(element));
    return array;
  }
  template <Message T>
  static Json made(T& message) {
    Json object = Json::object();
    JsonWriter writer(object);
    fields(writer, message);
    return object;
  }

  Json& object_;
};

}  // namespace hupd::control
