// Durations, sizes and foreign texts for people to read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hupd::cli {

std::string short_duration(std::uint64_t ms);  // "31 ms" "1.2 s" "5m 3s" "2h 5m" "3d 4h"
std::string short_size(std::uint64_t bytes);   // "512 B" "12.3 MiB"
std::string short_hash(const std::string& hash);
// Nothing in it moves the cursor.
std::string printable(std::string_view text);

// In lines of `width`, each but the first behind so many spaces.
std::string wrapped(const std::string& text, std::size_t width, std::size_t indent);

// To be written over what the terminal shows, which so does not flicker. What has no room in so
// many rows is counted in the last one; 0: all has.
std::string redrawn(const std::string& text, std::size_t rows);

std::string left(std::string text, std::size_t width);   // padded behind
std::string right(std::string text, std::size_t width);  // padded before

enum class Colour { Plain, Good, Warning, Bad, Faint };
std::string coloured(const std::string& text, Colour colour, bool with_colour);

}  // namespace hupd::cli
