// N keep-alive connections, each with requests one after the other (or `depth` at a time), with or
// without a pause to think. Busy, thinking, pipelining, uploads and long are this, by their
// numbers.
//
// A connection that the server closed is replaced when the next request is due, as a connection
// pool does it.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "load.hpp"

namespace hupd::torture {

struct Habits {
  std::size_t connections = 1;
  std::size_t depth = 1;  // requests in flight on a connection
  Duration think{};       // from an answer to the next request,
  double jitter = 0;      //   more or less by up to this share
};

class KeepAliveLoad : public Load {
 public:
  KeepAliveLoad(Run& run, std::string name, Question question, Habits habits);

  void start() override;
  void answered(Connection& from, const Request& request, const Response& response) override;
  void ended(Connection& from, Ending ending, std::deque<Request> unanswered) override;

 private:
  struct Slot {
    Connection* connection = nullptr;
    std::size_t in_flight = 0;
    bool connected_before = false;
  };
  void send(std::size_t slot, const Request& request);
  void ask_next(std::size_t slot, Time intended);
  Duration pause();

  const Habits habits_;
  std::vector<Slot> slots_;
  std::minstd_rand random_{1};  // the same pauses in every run
};

}  // namespace hupd::torture
