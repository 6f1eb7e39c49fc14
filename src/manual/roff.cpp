#include "manual/roff.hpp"

namespace hupd::manual {
namespace {

std::string_view replacement(char c) {
  switch (c) {
    case '\\':
      return "\\e";
    case '-':
      return "\\-";
    case '\'':
      return "\\(aq";
    case '`':
      return "\\(ga";
    case '^':
      return "\\(ha";
    case '~':
      return "\\(ti";
    default:
      return {};
  }
}

}  // namespace

std::string escaped(std::string_view text) {
  constexpr std::string_view dots = "…";
  std::string roff = text.starts_with('.') ? "\\&" : "";
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with(dots)) {
      roff += "\\|.\\|.\\|.";
      i += dots.size() - 1;
    } else if (const auto other = replacement(text[i]); !other.empty()) {
      roff += other;
    } else {
      roff += text[i];
    }
  }
  return roff;
}

std::string bold(std::string_view text) { return "\\fB" + escaped(text) + "\\fR"; }
std::string italic(std::string_view text) { return "\\fI" + escaped(text) + "\\fR"; }

std::string tagged(const std::string& heading, std::string_view text) {
  return ".TP\n" + heading + "\n" + escaped(text) + "\n";
}

}  // namespace hupd::manual
