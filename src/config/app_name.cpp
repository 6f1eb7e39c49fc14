#include "config/app_name.hpp"

#include <algorithm>
#include <filesystem>

namespace hupd::config {
namespace {

constexpr std::size_t longest_name = 64;

bool may_stand_in_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

}  // namespace

bool is_app_name(std::string_view name) {
  return !name.empty() && name.size() <= longest_name &&
         std::ranges::all_of(name, may_stand_in_name);
}

std::string app_name_of(const std::string& library) {
  std::string name = std::filesystem::path(library).filename().string();
  name = name.substr(0, name.find(".so"));
  if (name.size() > 3 && name.substr(0, 3) == "lib") name = name.substr(3);
  for (char& c : name) {
    if (!may_stand_in_name(c)) c = '-';
  }
  return name.empty() ? "app" : name.substr(0, longest_name);
}

}  // namespace hupd::config
