// A chat for people with `nc`: whoever is in a room sees what is said there, themselves included,
// in one order that is the same for all. Users keep their room, their nick and the line they have
// half typed while versions of this program and workers come and go beneath them.
//
//   [app.chat.settings]
//   journal = "/run/chat/journal"   # in a directory of the user that the workers run as
//   kept    = 67108864              # bytes of what was said, for who is slow or on the way
//
// Users of one room are in different workers, during a reload in workers of two versions, and for a
// moment in none, on their way from one to another. What it takes that every line yet arrives once
// and in order at every user of the room:
//
// 1. One place says what was said, and it is in no worker: the journal. A line has been said once
//    it is there, and its place there is its number. Nobody is told a line in any other way, not
//    even those in the worker where it was typed. As a connection is in one worker at a time, what
//    one user says is there in the order in which it was typed.
// 2. A user has one number: all lines before it were written to the connection, none from it on.
// 3. That number is in the state that moves. It is exact, since the host asks for the state when
//    all that was written has been sent, and nothing is written between that and the move.
// 4. Who adopts begins with what was said from that number on. Nobody need know who is on the way.
// 5. A line without its end is not used by data(), so it travels by itself.
//
// Both versions read and write the journal during a switch, and each other's states: these two are
// an interface between versions. A version that does not know a state refuses the user.
//
// What it does not do. The users of a worker that is killed lose their connections, and hear what
// is said from when they come again. Who is more than `kept` bytes behind is told that lines are
// missing. Nobody may remove the file while the service runs; a reload with another one makes two
// chats of it until all users have moved, and they begin at the end of the new one.
#include <memory>
#include <set>
#include <stdexcept>
#include <string>

#include <hupd/connection.hpp>

#include "journal.hpp"
#include "user.hpp"

namespace {

constexpr std::uint64_t least_kept = 1 << 20;

class Chat final : public hupd::ConnectionService {
 public:
  hupd::Start start(hupd::Worker worker) override;
  std::unique_ptr<hupd::Protocol> open(hupd::Connection connection) override;
  std::unique_ptr<hupd::Protocol> adopt(hupd::Connection connection, hupd::State state) override;
  void refused(hupd::Connection connection) override {
    connection.write("* this version cannot go on where you were: please come again\n");
  }

 private:
  void tell();

  const std::string path_ = settings().get<std::string>("journal");
  const std::uint64_t kept_ = settings().get<std::uint64_t>("kept", 64 << 20);
  std::unique_ptr<Journal> journal_;  // a worker's own: the lock is between open files
  std::set<User*> users_;
};

hupd::Start Chat::start(hupd::Worker worker) {
  if (path_.empty()) throw std::runtime_error("settings.journal: the name of a file is missing");
  if (kept_ < least_kept) throw std::runtime_error("settings.kept: at least 1048576 bytes");
  journal_ = std::make_unique<Journal>(path_, kept_, worker.loop(), [this] { tell(); });
  return hupd::Start::Ready;
}

std::unique_ptr<hupd::Protocol> Chat::open(hupd::Connection connection) {
  connection.write("* hello, guest: you are in lobby; /nick NAME, /join ROOM, /quit\n");
  return std::make_unique<User>(connection, *journal_, users_, Place{journal_->end()});
}

std::unique_ptr<hupd::Protocol> Chat::adopt(hupd::Connection connection, hupd::State state) {
  const auto place = Place::read(state, *journal_);
  if (!place) return nullptr;
  auto user = std::make_unique<User>(connection, *journal_, users_, *place);
  user->hear();
  return user;
}

// Called by libuv, which knows no exceptions. Those left out hear it with the next line.
void Chat::tell() {
  try {
    journal_->end();
    for (User* user : users_) user->hear();
  } catch (const std::exception& error) {
    hupd::error(error.what());
  }
}

}  // namespace

HUPD_APP(Chat, "1")
