// conf/ against the key table, and the key table against the structs.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "config/keys.hpp"
#include "helpers.hpp"

namespace hupd::config {
namespace {

std::string content(const std::string& name) {
  std::ifstream file(std::string(HUPD_CONF_DIR) + "/" + name);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Every "# key = value" of the sample without its "# ": all defaults spelt out.
std::string uncommented(const std::string& sample) {
  std::istringstream lines(sample);
  std::string text, line;
  while (std::getline(lines, line)) {
    for (const Description& key : describe_keys()) {
      if (line == "# " + key.key + " = " + key.fallback) line = line.substr(2);
    }
    text += line + '\n';
  }
  return text;
}

TEST(Sample, InConfIsTheKeyTables) {
  if (std::getenv("HUPD_UPDATE_CONF") != nullptr) {
    std::ofstream(std::string(HUPD_CONF_DIR) + "/hupd.toml") << sample();
  }
  EXPECT_TRUE(content("hupd.toml") == sample())
      << "conf/hupd.toml is not what the key table says; HUPD_UPDATE_CONF=1 writes it anew";
}

TEST(Sample, HasEveryKey) {
  for (const Description& key : describe_keys()) {
    if (key.type == "table") continue;
    EXPECT_NE(content("hupd.toml").find(key.key + " = " + key.fallback), std::string::npos)
        << key.table << '.' << key.key;
  }
}

TEST(Sample, DefaultsAreThoseOfTheStructs) {
  const Settings minimal = good(content("minimal.toml"));
  EXPECT_EQ(good(content("hupd.toml")), minimal);
  EXPECT_EQ(good(uncommented(sample())), minimal);
}

TEST(Keys, AreAllExplained) {
  for (const Description& key : describe_keys()) {
    EXPECT_FALSE(key.doc.empty()) << key.key;
    EXPECT_FALSE(key.type.empty()) << key.key;
    EXPECT_EQ(key.doc.back(), '.') << key.key;
    EXPECT_TRUE(key.type == "table" || !key.fallback.empty()) << key.key;
  }
}

}  // namespace
}  // namespace hupd::config
