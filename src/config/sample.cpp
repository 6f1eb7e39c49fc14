// conf/hupd.toml out of the key table.
#include <string_view>

#include "config/keys.hpp"

namespace hupd::config {
namespace {

constexpr std::string_view head =
    R"(# hupd.toml: every key with its default. A key in a comment has the value shown there.
#
# Durations are strings with a unit, ms, s, m, h or d: "30s". Sizes likewise, B, kB, KiB, MB, MiB,
# GB, GiB, TB or TiB: "64KiB". Relative paths start from this file's directory. An unknown key is an
# error. `hupd check hupd.toml` reports all that is wrong; the flags of `hupd run` win over the file.
)";

constexpr std::string_view addresses =
    R"("0.0.0.0:8080"        one IPv4 address, or all of them; ":8080" is the same
"[::]:8080"           IPv6, and not IPv4 too unless { address = "[::]:8080", v6_only = false }
"unix:/run/web.sock"  a unix socket; { address = "unix:/run/web.sock", mode = "0660",
                      owner = "www-data", group = "www-data" } says who may connect (mode "0666")
"systemd:NAME"        a socket unit's, with FileDescriptorName=NAME
)";

std::string commented(std::string_view lines) {
  std::string text;
  for (std::size_t end = 0; !lines.empty(); lines.remove_prefix(end)) {
    end = lines.find('\n') + 1;
    text += "# " + std::string(lines.substr(0, end));
  }
  return text;
}

// The sample's app has a name; descriptions say NAME.
std::string named(std::string table) {
  const std::size_t at = table.find("NAME");
  return at == std::string::npos ? table : table.replace(at, 4, "web");
}

}  // namespace

std::string address_forms() { return std::string(addresses); }

std::string sample() {
  std::string text(head);
  std::string table;
  for (const Description& key : describe_keys()) {
    const bool is_table = key.type == "table";
    const std::string here = named(key.table + (is_table ? "." + key.key : ""));
    if (here != table) {
      text += "\n[" + here + "]" + (is_table ? "  # " + key.doc : "") + "\n";
      table = here;
    }
    if (is_table) continue;
    text += "# " + key.doc + (key.range.empty() ? "" : " (" + key.range + ")") + "\n";
    if (key.key == "listen" && key.required) text += commented(addresses);
    text += (key.required ? "" : "# ") + key.key + " = " + key.fallback + "\n";
  }
  return text + "# greeting = \"hello\"\n";
}

}  // namespace hupd::config
