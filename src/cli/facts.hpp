// What there is to know of the program beside its flags: for its help and its manual page.
#pragma once

#include <array>

namespace hupd::cli {

struct Fact {
  const char* word;
  const char* text;
};

inline constexpr std::array examples = {
    Fact{"hupd run --listen 127.0.0.1:8080 --workers 2 libweb.so",
         "Serve without a configuration."},
    Fact{"hupd run hupd.toml", "Serve as it says."},
    Fact{"hupd run hupd.toml --set app.web.drain_timeout=5s", "The same, but for one key."},
    Fact{"hupd check hupd.toml", "Would it run?"},
    Fact{"hupd reload && echo deployed", "Deploy what is in the library's place, and know."},
    Fact{"hupd status --watch", "See who serves."},
    Fact{"hupd rollback web", "Back to the version before, at once."},
};

inline constexpr std::array signals = {
    Fact{"HUP", "Reload configuration and libraries, as a whole or not at all."},
    Fact{"TERM, QUIT", "Stop gracefully: workers finish what they have in hand."},
    Fact{"INT", "Stop at once; so does a second TERM."},
    Fact{"USR1", "Open the log file anew."},
    Fact{"USR2", "Put the hupd that is on disk now in the master's place, as hupd upgrade does."},
    Fact{"TTIN, TTOU", "One worker more, one fewer, until the next reload."},
    Fact{"WINCH",
         "End the workers gracefully, but not the master; HUP, or hupd scale, brings them back."},
};

inline constexpr std::array exit_codes = {
    Fact{"0", "Done; of run: stopped as asked."},
    Fact{"1",
         "The application failed to start, or the reload was rejected or rolled back: what "
         "served before serves on."},
    Fact{"2", "Wrong usage, configuration or library: nothing was tried."},
    Fact{"3", "No master answers there, or it has no such app."},
    Fact{"4", "Timed out; a reload goes on."},
    Fact{"5", "No permission."},
};

}  // namespace hupd::cli
