// Going on with what another master has left.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "config/settings.hpp"
#include "image/image.hpp"
#include "keeper/line.hpp"
#include "master/vault.hpp"

namespace hupd::master {

// The keeper process of a master that died, which this one leads. If nobody goes on with it, it is
// told that nothing is needed any more.
class KeeperLine {
 public:
  KeeperLine() = default;
  explicit KeeperLine(keeper::Line line) : line_(std::move(line)) {}
  KeeperLine(KeeperLine&&) = default;
  KeeperLine& operator=(KeeperLine&&) = default;
  ~KeeperLine();
  keeper::Line take() { return std::move(line_); }

 private:
  keeper::Line line_;
};

struct Takeover {
  image::Master image;
  config::Settings settings;  // as that master had read them
  Descriptors descriptors;
  bool is_after_death = false;  // of that master; else it became this one, and all lives
  KeeperLine keeper = {};
};

// What the program before this one left in this same process. Nothing: this is a start like any
// other. An error: it cannot be gone on with.
std::optional<tl::expected<Takeover, std::string>> left_by_predecessor();

// What a master that died has left with the service manager, as its last checkpoint has it.
// Nothing: there is none.
std::optional<tl::expected<Takeover, std::string>> left_in_store();

// The last checkpoint of a master that died, without its descriptors.
tl::expected<Takeover, std::string> read_after_death(const std::string& text);

// Nobody will go on with them: the service manager gives them up, if it does so in a few seconds.
// As long as it has them nobody could have their addresses, nor would the workers notice that they
// are alone.
void forget_stored(const std::vector<std::string>& names);

// Whether this program can go on with the image that standard input has: then it says so, in a line
// that starts with "hupd " and ends in `can_take_over`; else why not. The exit code.
using ParsesArguments = bool (*)(const std::vector<std::string>&);
int check_takeover(ParsesArguments parses, std::ostream& out, std::ostream& err);
inline constexpr const char* check_flag = "--takeover-check";
inline constexpr std::string_view can_take_over = " can take over";

// The name of the variable that tells the next program under which number it has the image.
inline constexpr const char* takeover_variable = "HUPD_TAKEOVER";

}  // namespace hupd::master
