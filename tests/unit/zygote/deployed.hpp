// Libraries laid out as somebody deploys them.
#pragma once

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "support/directory.hpp"

namespace hupd::zygote {

class Deployed : public testing::Test {
 protected:
  // One of the samples ("top", "near", "deep") as `directory`/libNAME.so: its path.
  std::string deploy(const std::string& name, const std::string& directory) {
    namespace fs = std::filesystem;
    const std::string file = "/lib" + name + ".so";
    const std::string target = site_ / directory;
    fs::create_directories(target);
    fs::copy_file(SAMPLES + file, target + file, fs::copy_options::overwrite_existing);
    return target + file;
  }

  test::Directory site_;
};

}  // namespace hupd::zygote
