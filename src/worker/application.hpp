// The application: a library that was loaded and whose table was checked.
#pragma once

#include <string>

#include <hupd/app.h>

#include "os/dynamic_library.hpp"
#include "os/result.hpp"

namespace hupd::worker {

// Lives as long as its process: nothing is unloaded.
class Application {
 public:
  // Loads and checks; runs the library's static constructors and nothing else of it.
  static os::Result<Application> load(const std::string& path);

  // The callbacks of the table with the same names. Failures carry the application's own reason.
  os::Result<void> create();
  os::Result<hupd_start_result> start(hupd_worker& worker);
  void stop();

  const hupd_app& table() const { return table_; }
  void* instance() const { return instance_; }
  std::string version() const { return table_.version != nullptr ? table_.version : ""; }

 private:
  Application(std::string path, const hupd_app& table) : path_(std::move(path)), table_(table) {}

  std::string path_;
  hupd_app table_;  // as much as the library's is long, the rest is NULL
  void* instance_ = nullptr;
};

}  // namespace hupd::worker
