// An image as text, and back.
#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "image/image.hpp"

namespace hupd::image {

std::string to_text(Master& image);

// Why not: another format, or not an image at all.
tl::expected<Master, std::string> parse(std::string_view text);

}  // namespace hupd::image
