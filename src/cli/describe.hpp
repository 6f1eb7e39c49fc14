// What the command line takes, as plain data out of the parser itself: for the help, the manual
// pages and the completions, which so cannot say anything else than what is parsed.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace hupd::cli {

struct Flag {
  std::vector<std::string> names;  // "-l", "--listen"
  std::string type;                // "ADDRESS"; "text|json": one of these; empty: takes no value
  bool repeats = false;
  std::string doc;
};

struct CommandText {
  std::string name;       // "reload"; of the program: "hupd"
  std::string doc;        // one line
  std::string arguments;  // "[APP…] [CONF.toml]"
  std::string about_arguments;
  std::string more;  // some sentences
  std::vector<Flag> flags;
};

struct Program : CommandText {
  std::vector<CommandText> commands;
};

CommandText describe(const CLI::App& command);
// Of the whole program, as parse_command takes it.
Program describe_program();

}  // namespace hupd::cli
