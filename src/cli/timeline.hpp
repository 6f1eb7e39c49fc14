// Who served when, as a picture in text: a line for each generation of an app.
#pragma once

#include <cstddef>
#include <string>

#include "control/messages.hpp"

namespace hupd::cli {

// Of every app in the record. Time goes to the right, and the closer to now, the more room it has:
// in the night of a bad deploy the last minutes matter, and the version before may have served for
// weeks. `width` is the whole line's. Empty: there is nothing to draw.
std::string timeline_of(const control::History& history, std::size_t width, bool with_colour);

}  // namespace hupd::cli
