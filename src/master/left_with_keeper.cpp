#include "master/left_with_keeper.hpp"

#include <filesystem>

#include "master/keeper_inquiry.hpp"
#include "os/runtime_dir.hpp"

namespace hupd::master {

namespace {

namespace fs = std::filesystem;

std::vector<std::string> directories_at(const std::string& place) {
  std::vector<std::string> all;
  std::error_code error;
  for (auto entry = fs::directory_iterator(place, error); !error && entry != end(entry);
       entry.increment(error)) {
    const bool is_masters = entry->path().filename().string().starts_with("master-");
    if (is_masters) all.push_back(entry->path().string());
  }
  return all;
}

}  // namespace

Search search_for_keepers(const std::string& runtime_dir, const std::string& identity) {
  Search search;
  const auto places =
      runtime_dir.empty() ? os::usual_runtime_places() : std::vector<std::string>{runtime_dir};
  for (const auto& place : places) {
    for (auto& directory : directories_at(place)) {
      if (search.left || search.taken_by_another) return search;
      KeeperInquiry(search, std::move(directory), identity).make();
    }
  }
  return search;
}

}  // namespace hupd::master
