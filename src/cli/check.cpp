#include "cli/check.hpp"

#include <ostream>

#include "cli/library_file.hpp"
#include "os/trust.hpp"

namespace hupd::cli {

std::string summary(const config::App& app) {
  std::string text = "app " + app.name + ": " + std::to_string(app.workers) +
                     (app.workers == 1 ? " worker" : " workers");
  const char* before = " on ";
  for (const config::Listen& listen : app.listen) {
    text += before + listen.text;
    before = ", ";
  }
  return text + ", library " + app.library;
}

namespace {

// Whether hupd, as whoever asks here, would take it.
std::string fault_of(const config::App& app) {
  if (auto fault = library_fault(app.library); !fault.empty()) return fault;
  if (!app.check_ownership) return {};
  const auto trust = os::Trust::of_root(app.trusted_users, app.trusted_groups);
  if (!trust) return trust.error().text;
  const auto file = os::open_trusted(app.library, *trust);
  return file ? std::string() : file.error().text;
}

}  // namespace

int check(const std::string& config_path, const config::Options& options, std::ostream& out,
          std::ostream& err) {
  constexpr int exit_faulty = 2;
  const std::string name = config_path.empty() ? "command line" : config_path;
  const config::Loaded loaded = config::load(config_path, options);
  if (!loaded) {
    for (const config::Fault& fault : loaded.error()) err << fault.describe() << '\n';
    return exit_faulty;
  }
  bool good = true;
  for (const config::App& app : loaded->apps) {
    const std::string fault = fault_of(app);
    if (fault.empty()) continue;
    err << name << ": app " << app.name << ": library " << app.library << ": " << fault << '\n';
    good = false;
  }
  if (!good) return exit_faulty;
  for (const config::App& app : loaded->apps) out << name << ": ok: " << summary(app) << '\n';
  return 0;
}

}  // namespace hupd::cli
