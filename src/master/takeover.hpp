// Going on with what another master has left.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "config/settings.hpp"
#include "image/image.hpp"
#include "master/vault.hpp"

namespace hupd::master {

struct Takeover {
  image::Master image;
  Descriptors descriptors;
  bool is_after_death = false;  // of that master; else it became this one, and all lives
};

// What the program before this one left in this same process. Nothing: this is a start like any
// other. An error: it cannot be gone on with.
std::optional<tl::expected<Takeover, std::string>> left_by_predecessor();

// What a master that died has left, as its last checkpoint has it.
tl::expected<Takeover, std::string> after_death(Descriptors descriptors, const std::string& text);

// The same with the service manager. Nothing: there is none.
std::optional<tl::expected<Takeover, std::string>> left_in_store();

// Whether this program can go on with the image that standard input has: then it says so, in a line
// that starts with "hupd " and ends in `can_take_over`; else why not. The exit code.
using ParsesArguments = bool (*)(const std::vector<std::string>&);
int check_takeover(ParsesArguments parses, std::ostream& out, std::ostream& err);
inline constexpr const char* check_flag = "--takeover-check";
inline constexpr std::string_view can_take_over = " can take over";

// The name of the variable that tells the next program under which number it has the image.
inline constexpr const char* takeover_variable = "HUPD_TAKEOVER";

// What was configured, as another master had read it.
tl::expected<config::Settings, std::string> settings_of(const image::Master& image);

}  // namespace hupd::master
