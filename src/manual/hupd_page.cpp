#include <set>

#include "cli/describe.hpp"
#include "cli/facts.hpp"
#include "manual/manual.hpp"
#include "manual/roff.hpp"

namespace hupd::manual {
namespace {

constexpr const char* description = R"(.SH DESCRIPTION
.B hupd run
is a master that listens on sockets and forks workers, which load an application from a shared library
and serve. On SIGHUP, or
.BR "hupd reload" ,
it starts new workers with the library and the configuration as they are then. When all of them are
ready, they take over, living connections included, and the old ones end; no client notices. When
anything fails before that, the old ones serve on as if nothing had happened, and the reason is told.
.PP
Each deploy is a
.IR generation ,
with a number, a private copy of the library and a process of its own, its
.IR zygote ,
that has loaded it and forks its workers. The version before stays parked, to go back to.
.PP
The other commands ask the running master over its control socket. They find it by
.BR \-\-control ,
before or after the command's name; by a configuration, as a word with a slash or
.IR .toml ,
or with
.BR \-\-config ;
or at the usual place (see FILES). Root and the master's user may do everything; who else may is said in
.BR hupd.toml (5),
[master.control].
)";

constexpr const char* exit_head = ".SH EXIT STATUS\n";
constexpr const char* signals_head = ".SH SIGNALS\nTo the master:\n";
constexpr const char* signals_tail = R"(.PP
A worker that is sent TERM or QUIT by itself hands its connections over, leaves, and is replaced.
)";

constexpr const char* tail = R"(.SH ENVIRONMENT
.TP
.B NO_COLOR
No colours, whatever its value. There are none where the output is no terminal, either.
.TP
.BR RUNTIME_DIRECTORY ", " XDG_RUNTIME_DIR
Where the control socket is, and the private copies of libraries are, unless the configuration says
where.
.TP
.BR LISTEN_FDS ", " LISTEN_FDNAMES ", " LISTEN_PID
Sockets that systemd opened, for addresses such as systemd:NAME.
.TP
.BR NOTIFY_SOCKET ", " WATCHDOG_USEC ", " WATCHDOG_PID
systemd is told when the service is ready, reloads and stops, and that the master lives.
.TP
.B JOURNAL_STREAM
When the log goes to the journal, its lines have priorities and no time.
.SH FILES
.TP
.I /run/hupd/control.sock
The control socket of root's master.
.TP
.I $XDG_RUNTIME_DIR/hupd/control.sock
That of others;
.I $RUNTIME_DIRECTORY/control.sock
in a systemd unit, before both.
.TP
.I /etc/hupd/NAME.toml
The configuration of the unit hupd@NAME.service.
.SH NOTES
.B hupd status \-\-names
prints the names of the apps, one a line, for scripts such as the completions of shells: within a second,
and without a word when no master answers.
)";

constexpr const char* see_also = R"(.SH SEE ALSO
.BR hupd.toml (5),
.BR hupd-app (3)
)";

std::string tag_of(const cli::Flag& flag) {
  std::string text;
  for (const auto& name : flag.names) text += (text.empty() ? "" : ", ") + bold(name);
  return flag.type.empty() ? text : text + " " + italic(flag.type);
}

// Each is explained once, where it comes first.
class Flags {
 public:
  std::string of(const cli::CommandText& command) {
    std::string text, known;
    for (const auto& flag : command.flags) {
      const std::string entry =
          tagged(tag_of(flag), flag.doc + (flag.repeats ? "; may be repeated." : "."));
      if (told_.insert(entry).second) {
        text += entry;
      } else if (flag.names.back() != "--help") {
        known += (known.empty() ? "" : ", ") + tag_of(flag);
      }
    }
    return text + (known.empty() ? "" : ".PP\nAs above: " + known + ".\n");
  }

 private:
  std::set<std::string> told_;
};

std::string synopsis_of(const cli::CommandText& command) {
  return bold("hupd " + command.name) + " [" + italic("OPTIONS") + "]" +
         (command.arguments.empty() ? "" : " " + italic(command.arguments));
}

std::string section_of(const cli::CommandText& command, Flags& flags) {
  std::string text = ".SS hupd " + escaped(command.name) + "\n" + synopsis_of(command) + "\n.PP\n" +
                     escaped(command.doc) + ".\n" + escaped(command.about_arguments) + "\n";
  if (!command.more.empty()) text += ".PP\n" + escaped(command.more) + "\n";
  return text + flags.of(command);
}

template <typename Facts>
std::string list_of(const Facts& facts) {
  std::string text;
  for (const auto& fact : facts) text += tagged(bold(fact.word), fact.text);
  return text;
}

}  // namespace

std::string hupd_page() {
  const auto program = cli::describe_program();
  Flags flags;
  std::string text =
      ".\\\" Made from the program's own flags (tests/unit/manual): edit those.\n"
      ".TH HUPD 1 2026-11-23 hupd \"User Commands\"\n.ad l\n.nh\n.SH NAME\nhupd \\- " +
      escaped(program.doc) + "\n.SH SYNOPSIS\n.nf\n";
  for (const auto& command : program.commands) text += synopsis_of(command) + "\n";
  text += ".fi\n" + std::string(description) + ".SH OPTIONS\n" + flags.of(program);
  text += ".SH COMMANDS\n";
  for (const auto& command : program.commands) text += section_of(command, flags);
  text += signals_head + list_of(cli::signals) + signals_tail;
  text += exit_head + list_of(cli::exit_codes) + tail + ".SH EXAMPLES\n";
  return text + list_of(cli::examples) + see_also;
}

}  // namespace hupd::manual
