// Text as manual pages have it.
#pragma once

#include <string>
#include <string_view>

namespace hupd::manual {

// As it is to be read: nothing in it is taken for a request, or for another character.
std::string escaped(std::string_view text);
std::string bold(std::string_view text);
std::string italic(std::string_view text);
// A paragraph behind a heading; `heading` is roff already, `text` is not.
std::string tagged(const std::string& heading, std::string_view text);

}  // namespace hupd::manual
