// What a value is, for who writes and reads it.
//
// A message is a struct of a namespace that has `fields(io, message)` for it: the one list of its
// keys, by which it is both written and read. An enumeration is written by its words there.
#pragma once

#include <string>
#include <type_traits>

namespace hupd::json {

template <typename T>
concept Enumeration = std::is_enum_v<T>;
// Any bytes, which text need not be: written as hexadecimal digits.
struct Bytes {
  std::string bytes;
  bool operator==(const Bytes&) const = default;
};

template <typename T>
concept Message = std::is_class_v<T> && !std::is_same_v<std::remove_const_t<T>, std::string> &&
                  !std::is_same_v<std::remove_const_t<T>, Bytes>;

}  // namespace hupd::json
