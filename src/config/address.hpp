// Addresses to listen on, as text.
#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "config/settings.hpp"

namespace hupd::config {

// "0.0.0.0:80", "[::]:80", ":80" (all of IPv4), "unix:PATH" or "systemd:NAME". `base` is the
// directory that a relative PATH starts from. The error is a sentence about `text`.
tl::expected<Listen, std::string> parse_listen(std::string_view text, const std::string& base);

// Why the kernel would refuse `b` once `a` is bound; empty when both can be had.
std::string clash(const Listen& a, const Listen& b);

}  // namespace hupd::config
