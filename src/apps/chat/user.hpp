// One user of the chat: what is typed goes to the journal, what is said comes from it.
#pragma once

#include <algorithm>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <hupd/connection.hpp>

#include "journal.hpp"

// Where a user is in the chat: what a worker has to know of it, and the state that moves.
struct Place {
  static constexpr std::uint32_t version = 1;

  static std::optional<Place> read(hupd::State state, Journal& journal) {
    if (state.version != version) return std::nullopt;
    std::istringstream words{std::string(state.bytes)};
    std::uint64_t identity = 0;
    Place place;
    if (!(words >> identity >> place.number >> place.room >> place.nick)) return std::nullopt;
    const std::uint64_t end = journal.end();
    if (identity != journal.identity() || place.number > end) place.number = end;
    return place;
  }
  std::string text(const Journal& journal) const {
    return std::to_string(journal.identity()) + ' ' + std::to_string(number) + ' ' + room + ' ' +
           nick;
  }

  std::uint64_t number = 0;  // of the first line that the user has not got
  std::string room = "lobby", nick = "guest";
};

class User final : public hupd::Protocol {
 public:
  // Is among `users` as long as it lives.
  User(hupd::Connection with, Journal& journal, std::set<User*>& users, Place place)
      : Protocol(with), journal_(journal), users_(users), place_(std::move(place)) {
    users_.insert(this);
  }
  ~User() override { users_.erase(this); }

  std::size_t data(std::string_view bytes) override {
    std::size_t used = 0;
    for (std::size_t end = 0; (end = bytes.find('\n', used)) != std::string_view::npos;) {
      if (behind_ || !take(bytes.substr(used, end - used))) break;
      used = end + 1;
    }
    return used;
  }

  // The user's own pace: what it has not taken stays in the journal.
  void writable() override {
    behind_ = false;
    connection.resume();
    hear();
  }

  void draining() override {
    connection.write("* the chat closes: good-bye\n");
    connection.finish();
  }

  hupd::Move move() override { return hupd::Move::now(Place::version, place_.text(journal_)); }

  // Writes what was said in the room and is new to this user.
  void hear() {
    while (!behind_) {
      const auto lines = journal_.from(place_.number);
      if (lines && lines->empty()) return;
      std::string news = lines ? in_the_room(*lines) : "* you have missed some lines\n";
      place_.number = lines ? place_.number + lines->size() : journal_.end();
      if (!news.empty()) write(news);
    }
  }

 private:
  static constexpr std::size_t longest_line = 4096;
  static constexpr std::size_t longest_name = 32;

  // Of lines "ROOM NICK TEXT".
  std::string in_the_room(std::string_view lines) const {
    const std::string begin = place_.room + ' ';
    std::string found;
    while (!lines.empty()) {
      const auto end = lines.find('\n') + 1;
      const auto line = lines.substr(0, end);
      if (line.rfind(begin, 0) == 0) found += line.substr(begin.size());
      lines.remove_prefix(end);
    }
    return found;
  }

  void write(const std::string& text) {
    if (connection.write(text) != hupd::Written::Full) return;
    behind_ = true;
    connection.pause();  // who does not listen cannot talk
  }

  // False: not yet, or no more.
  bool take(std::string_view typed) {
    std::string line(typed);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.rfind('/', 0) == 0) return obey(line);
    if (line.empty()) return true;
    if (line.size() > longest_line) {
      write("* too long, not said\n");
      return true;
    }
    std::replace_if(
        line.begin(), line.end(), [](unsigned char c) { return c < ' '; }, ' ');
    try {
      journal_.append(place_.room + ' ' + place_.nick + ' ' + line);
    } catch (const std::system_error& error) {
      write(std::string("* not said: ") + error.what() + '\n');
    }
    return true;
  }

  bool obey(const std::string& line) {
    // First what was said before, under the old name of the room.
    journal_.end();
    hear();
    if (behind_) return false;
    std::istringstream words(line);
    std::string command, name;
    words >> command >> name;
    const bool is_name =
        !name.empty() && name.size() <= longest_name &&
        std::all_of(name.begin(), name.end(), [](unsigned char c) { return c > ' ' && c != 127; });
    if (command == "/nick" && is_name) {
      place_.nick = name;
      write("* you are " + name + '\n');
    } else if (command == "/join" && is_name) {
      place_.room = name;
      write("* you are in " + name + '\n');
    } else if (command == "/quit") {
      write("* good-bye\n");
      connection.finish();
      return false;
    } else {
      write("* say something, or /nick NAME, /join ROOM, /quit\n");
    }
    return true;
  }

  Journal& journal_;
  std::set<User*>& users_;
  Place place_;
  bool behind_ = false;  // the connection is full: see writable()
};
