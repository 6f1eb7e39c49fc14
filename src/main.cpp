// The program: what the command line asks for, done.
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <system_error>
#include <vector>

#include "cli/check.hpp"
#include "cli/command.hpp"
#include "exporter/exporter.hpp"
#include "keeper/keeper.hpp"
#include "master/master.hpp"
#include "master/takeover.hpp"
#include "os/fd.hpp"
#include "os/privileges.hpp"
#include "os/self.hpp"
#include "os/sha256.hpp"
#include "os/terminal.hpp"
#include "os/trust.hpp"
#include "zygote/zygote.hpp"

namespace {

using namespace hupd;

int print(const cli::Say& say) {
  (say.exit_code == 0 ? std::cout : std::cerr) << say.text;
  return say.exit_code;
}

// It cannot vouch for itself: only flags say who else than root may write it.
config::Opened open_configuration(const std::string& path, const config::Overrides& flags) {
  const auto trust = flags.no_ownership_check
                         ? os::Trust::of_everybody()
                         : os::Trust::of_root(flags.trusted_users, flags.trusted_groups,
                                              os::Trust::Named::ByFlags);
  if (!trust) return tl::unexpected("trusted by a flag: " + trust.error().text);
  auto file = os::open_trusted(path, *trust);
  if (file) return file->release();
  const int code = file.error().code;
  if (code == 0) return tl::unexpected(file.error().text);
  return tl::unexpected("cannot be read: " + std::generic_category().message(code));
}

config::Options options_of(const cli::Target& target) {
  return {.overrides = target.overrides,
          .cpus = os::usable_cpus(),
          .accounts = {os::is_user, os::is_group},
          .open = [flags = target.overrides](const std::string& path) {
            return open_configuration(path, flags);
          }};
}

tl::expected<config::Settings, std::vector<std::string>> configure(const cli::Target& target) {
  auto loaded = config::load(target.config_path, options_of(target));
  if (loaded) return std::move(*loaded);
  std::vector<std::string> lines;
  for (const auto& fault : loaded.error()) lines.push_back(fault.describe());
  return tl::unexpected(std::move(lines));
}

// By the name of the configuration's file, from wherever it is said; links are not followed, since
// deploys move them. Other arguments mean what they mean in this directory.
std::string identity_of(const cli::Run& command, const std::vector<std::string>& arguments) {
  std::error_code ignored;
  std::string words;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const auto& word = arguments[i];
    if (word != "run" && word != command.config_path) words += ' ' + word;
  }
  std::string identity;
  if (!command.config_path.empty()) {
    identity = std::filesystem::absolute(command.config_path, ignored).lexically_normal().string();
  }
  if (words.empty()) return identity;
  identity += words + " in " + std::filesystem::current_path(ignored).string();
  constexpr std::size_t longest = 4'000;
  return identity.size() <= longest ? identity
                                    : identity.substr(0, longest) + os::sha256_of(identity);
}

int serve(const cli::Run& command, const std::vector<std::string>& arguments) {
  return master::run([&command] { return configure(command); },
                     {arguments, identity_of(command, arguments)}, std::cerr);
}

// Of another master, whether they mean the same to this program.
bool means_run(const std::vector<std::string>& arguments) {
  if (arguments.empty()) return false;
  const auto command = cli::parse_command({arguments.begin() + 1, arguments.end()});
  return std::holds_alternative<cli::Run>(command);
}

struct Act {
  const std::vector<std::string>& arguments;  // of the program, the first one included

  int operator()(const cli::Run& command) const { return serve(command, arguments); }
  int operator()(const cli::Check& command) const {
    return cli::check(command.config_path, options_of(command), std::cout, std::cerr);
  }
  int operator()(const cli::Ask& command) const {
    const bool is_terminal = os::is_terminal(1);
    const bool colour = is_terminal && std::getenv("NO_COLOR") == nullptr;
    const auto size = os::terminal_size(1);
    auto options = options_of({});
    options.open = {};  // it is asked where the master is, who is believed or not by itself
    return cli::ask(command, options,
                    {std::cout, std::cerr, is_terminal, colour,
                     size.columns == 0 ? 80 : size.columns, size.rows});
  }
  int operator()(const cli::Say& say) const { return print(say); }
};

}  // namespace

int main(int argc, char** argv) {
  os::fill_standard_descriptors();
  const std::vector<std::string> arguments(argv, argv + argc);
  if (argc == 0) return std::visit(Act{arguments}, cli::parse_command({}));  // old kernels allow it
  if (arguments[0] == zygote::program_name) return zygote::run(argc, argv);
  if (arguments[0] == exporter::program_name) return exporter::run(argc, argv);
  if (arguments[0] == keeper::program_name) return keeper::run(argc, argv);
  if (argc == 2 && arguments[1] == master::check_flag) {
    return master::check_takeover(means_run, std::cout, std::cerr);
  }
  return std::visit(Act{arguments}, cli::parse_command({argv + 1, argv + argc}));
}
