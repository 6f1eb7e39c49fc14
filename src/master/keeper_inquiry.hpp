// One keeper, asked by a master that starts whether it has something to go on with.
#pragma once

#include <string>

#include "keeper/line.hpp"
#include "master/left_with_keeper.hpp"

namespace hupd::master {

class KeeperInquiry {
 public:
  // `directory`: of the master whose keeper it is. What comes of it is put into `search`; all of
  // these outlive it.
  KeeperInquiry(Search& search, std::string directory, const std::string& identity)
      : search_(search), directory_(std::move(directory)), identity_(identity) {}

  void make();

 private:
  void find(const std::string& what);
  void nobody_answers(int code);
  void has_left();
  void is_stuck();
  void tell(const keeper::Unusable& strange);
  void hear(keeper::Letter& letter);
  void judge(keeper::Letter& letter, const std::string& what);
  void take(Takeover left, const std::string& what);

  Search& search_;
  std::string directory_;
  const std::string& identity_;
  std::string keeper_pid_ = "unknown";
  keeper::Line line_;
};

}  // namespace hupd::master
