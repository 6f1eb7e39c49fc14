// Manual pages and shell completions out of the program's own tables: the parser's commands and
// flags, the configuration's keys.
#pragma once

#include <string>

namespace hupd::manual {

std::string hupd_page();  // hupd(1)
std::string toml_page();  // hupd.toml(5)

std::string bash_completion();
std::string zsh_completion();
std::string fish_completion();

}  // namespace hupd::manual
