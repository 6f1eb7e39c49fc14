#include <sstream>

#include "config/keys.hpp"
#include "manual/manual.hpp"
#include "manual/roff.hpp"

namespace hupd::manual {
namespace {

constexpr const char* head =
    R"(.\" Made from the configuration's key table (tests/unit/manual): edit that.
.TH HUPD.TOML 5 2026-11-23 hupd "File Formats"
.ad l
.nh
.SH NAME
hupd.toml \- configuration of hupd
.SH SYNOPSIS
.nf
[app.web]
library = "/srv/web/libweb.so"
listen = ["127.0.0.1:8080"]
.fi
.SH DESCRIPTION
A file in TOML that
.BR hupd (1)
reads at its start, and whole again at each reload: one fault in it, and the reload is rejected
before anything has changed.
.B hupd check
reports all that is wrong, with line and column, and opens nothing. An unknown key is an error.
.PP
All keys but two have a default that serves: an app needs its
.I library
and an address to
.I listen
on. The file may have several apps, each a table
.BI [app. NAME ]
of its own. Flags of
.B hupd run
win over the file, and
.B \-\-set
sets any key, as in
.BR "\-\-set app.web.workers=4" .
.PP
Durations are strings with a unit,
.BR ms ", " s ", " m ", " h " or " d :
"30s". So are sizes, with
.BR B ", " kB ", " KiB ", " MB ", " MiB ", " GB ", " GiB ", " TB " or " TiB :
"64KiB". Relative paths start from the file's directory.
.PP
A reload takes a change of any key, save those of
.B [master]
that the master warns of: they take a restart.
.SH ADDRESSES
)";

constexpr const char* keys = R"(.SH KEYS
Behind each key is its default; of one that is required, an example.
)";

constexpr const char* tail = R"(.SH FILES
.TP
.I /etc/hupd/web.toml
read by the unit hupd@web.service.
.SH SEE ALSO
.BR hupd (1),
.BR hupd-app (3)
)";

std::string entry(const config::Description& key) {
  std::string facts = key.required ? "required; " : "";
  facts += key.type + (key.range.empty() ? "" : ", " + key.range);
  return ".TP\n" + bold(key.key) + " = " + italic(key.fallback) + "\n" + escaped(key.doc) + "\n(" +
         escaped(facts) + ")\n";
}

// Each form begins with a quote at the line's beginning, and goes on beneath its text.
std::string addresses() {
  std::istringstream lines(config::address_forms());
  std::string text, form, about;
  const auto end = [&] {
    if (!form.empty()) text += tagged(bold(form), about);
  };
  for (std::string line; std::getline(lines, line);) {
    const std::size_t begin = line.starts_with('"') ? line.find("  ") : 0;
    const std::string part = line.substr(line.find_first_not_of(' ', begin));
    if (begin == 0) {
      about += " " + part;
      continue;
    }
    end();
    form = line.substr(0, begin);
    about = part;
  }
  end();
  return text;
}

}  // namespace

std::string toml_page() {
  std::string text = head + addresses() + keys;
  std::string table;
  for (const auto& key : config::describe_keys()) {
    const bool is_table = key.type == "table";
    const std::string here = key.table + (is_table ? "." + key.key : "");
    if (here != table) {
      text += ".SS [" + escaped(here) + "]\n" + (is_table ? escaped(key.doc) + "\n" : "");
      table = here;
    }
    if (!is_table) text += entry(key);
  }
  return text + tail;
}

}  // namespace hupd::manual
