// Where the reader is in a configuration: what faults are called by, and what values depend on.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/accounts.hpp"
#include "config/fault.hpp"
#include "config/settings.hpp"
#include "config/value.hpp"

namespace hupd::config {

// An address that some app listens on already.
struct Bound {
  Listen listen;
  std::string owner;  // "app.web.listen"
};

class Context {
 public:
  // Leaves the key it was made for when it ends.
  class Inside {
   public:
    Inside(Context& context, std::string_view key) : context_(context) {
      context_.path_.emplace_back(key);
    }
    ~Inside() { context_.path_.pop_back(); }
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;

   private:
    Context& context_;
  };

  // Relative paths start from `base`, and those of flags from `cwd`.
  Context(std::string base, std::string cwd, std::uint32_t cpu_count, Accounts known)
      : cpus(cpu_count), accounts(std::move(known)), base_(std::move(base)), cwd_(std::move(cwd)) {}

  void fault(const Place& place, std::string text);
  // "app.web.workers: must be WHAT, not VALUE (HINT)".
  void wanted(const Value& value, std::string_view what, std::string_view hint = {});

  std::string path() const;  // "app.web.http"
  const std::string& base_of(const Place& place) const { return place.line == 0 ? cwd_ : base_; }

  const std::uint32_t cpus;  // what "auto" means
  const Accounts accounts;
  // Of the app being read, whose `workers` comes before percentages of it.
  std::uint32_t workers = 1;
  std::vector<Bound> bound;  // of all apps so far
  std::vector<Fault> faults;

 private:
  std::string base_;
  std::string cwd_;
  std::vector<std::string> path_;
};

}  // namespace hupd::config
