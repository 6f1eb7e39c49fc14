// Who may put another hupd in the place of a master that is root's.
#pragma once

#include "config/settings.hpp"
#include "os/trust.hpp"

namespace hupd::master {

// Whom any app trusts with its library: he is root already. Everybody where no app has its library
// examined.
os::Result<os::Trust> program_authors(const config::Settings& settings);

}  // namespace hupd::master
