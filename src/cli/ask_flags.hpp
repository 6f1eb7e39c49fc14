// The flags of the commands that ask a master.
#pragma once

#include <list>
#include <memory>
#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "cli/ask.hpp"

namespace CLI {
class App;
}

namespace hupd::cli {

class AskFlags {
 public:
  // `control` is where --control of the whole command line ends up; it outlives this.
  AskFlags(CLI::App& app, const std::string& control);
  ~AskFlags();

  // When one of its commands was given: it, or what is wrong with it.
  std::optional<tl::expected<Ask, std::string>> taken() const;

 private:
  struct Given;
  struct Words {
    std::string text, arguments, about, more;
  };
  Given& add(CLI::App& app, const char* name, control::Command command, const Words& words);
  static void add_json(Given& given);
  static void add_waits(Given& given);
  static void add_no_probation(Given& given);
  void add_reloads(CLI::App& app);
  void add_views(CLI::App& app);
  void add_orders(CLI::App& app);

  const std::string& control_;
  std::list<std::unique_ptr<Given>> commands_;
};

}  // namespace hupd::cli
