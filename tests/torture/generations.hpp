// Which generation of the server answered what, when its answers say so.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "time.hpp"

namespace hupd::torture {

// What the clients saw of one reload. Without an answer from a generation never seen before (a
// rejected deploy, say) it shows nothing, and `switched` is false.
struct Switch {
  bool switched = false;
  std::string to;
  Duration first_new{};  // from the reload command's start to the first answer of the new one
  Duration last_old{};   // to the last answer of any older one; 0: none after the command
};

class Generations {
 public:
  void reloading(Time now);
  void answered(std::string_view generation, Time now);

  std::size_t distinct() const { return known_.size(); }
  // Somebody from the newest reload's generation has answered, or there was no reload.
  bool has_switched() const { return switches_.empty() || switches_.back().switched; }
  const std::vector<Switch>& switches() const { return switches_; }  // one a reload

 private:
  std::set<std::string, std::less<>> known_;
  std::string newest_;
  Time reload_{};
  std::vector<Switch> switches_;
};

}  // namespace hupd::torture
