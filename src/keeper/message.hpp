// What a master and the keeper say to each other.
//
// A contract between versions of hupd: a keeper goes on while its master becomes another program,
// and is asked by masters that come later. So it is of its own, apart from src/wire, and small.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace hupd::keeper {

inline constexpr std::uint32_t version = 1;

// With what fields, and [descriptors].
enum class Word {
  // A master to its keeper.
  Lead,     // this is who leads: identity, directory, how many ms it is waited for, its pid [pidfd,
            // and where there is a new one the socket at which the next master asks]
  Put,      // name [descriptor]; instead of what had the name
  Remove,   // name
  Renew,    // all that is to stay is put once more …
  Settled,  // … and that was all
  End,      // nothing is needed any more
  // The next master to the keeper.
  Ask,   // identity
  Take,  // after Yours [pidfd]: it leads from now on
  Drop,  // after Yours: it cannot go on with that
  // The keeper to whoever asks; with the pid of its master, its identity and its count of workers.
  Led,     // there is a master
  Taken,   // another one is taking over just now
  Others,  // its master has died, and was another's
  Yours,   // its master has died [the files of its state]; the names of these follow
  // … and to whoever takes.
  Is,   // name [descriptor]
  All,  // that was all
};

struct Message {
  Word word = Word::End;
  std::vector<std::string> fields = {};
};

std::string encode(const Message& message);

// Why not: another version, or no message at all.
tl::expected<Message, std::string> decode(std::string_view bytes);

// A number among the fields; 0: there is none.
std::uint64_t number_in(const Message& message, std::size_t field);

}  // namespace hupd::keeper
