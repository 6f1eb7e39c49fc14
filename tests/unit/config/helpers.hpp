// Configurations in tests: short to write, and failures that say what the faults were.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "config/load.hpp"

namespace hupd::config {

inline std::vector<std::string> described(const std::vector<Fault>& faults) {
  std::vector<std::string> lines;
  for (const Fault& fault : faults) lines.push_back(fault.describe());
  return lines;
}

// Read as /etc/hupd/hupd.toml on a machine with 4 CPUs, from the directory /home/op.
inline Loaded read(std::string_view text, Overrides overrides = {}) {
  return parse(text, "hupd.toml", "/etc/hupd", {std::move(overrides), 4, "/home/op"});
}

inline std::vector<std::string> faults_of(std::string_view text, Overrides overrides = {}) {
  const Loaded loaded = read(text, std::move(overrides));
  return loaded ? std::vector<std::string>{} : described(loaded.error());
}

inline Settings good(std::string_view text, Overrides overrides = {}) {
  Loaded loaded = read(text, std::move(overrides));
  if (loaded) return std::move(*loaded);
  for (const std::string& line : described(loaded.error())) ADD_FAILURE() << line;
  return {};
}

// The one app of a configuration with what every app needs and `keys` besides.
inline App app_with(std::string_view keys, Overrides overrides = {}) {
  const std::string head = "[app.web]\nlibrary = \"libweb.so\"\nlisten = [\":8080\"]\n";
  Settings settings = good(head + std::string(keys), std::move(overrides));
  return settings.apps.empty() ? App() : std::move(settings.apps.front());
}

}  // namespace hupd::config
