// What every load has in common: connections of its own, the judgement of an answer, the count.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "connection.hpp"
#include "generations.hpp"
#include "statistics.hpp"

namespace hupd::torture {

// What all loads of a run share.
struct Run {
  Loop& loop;
  std::vector<Address> targets;  // connections go to them in turn
  Timeouts timeouts;
  std::string generation_header;  // empty: none
  bool generation_body = false;   // the body names the generation
  Generations generations;
  Time started{};
};

// What one load asks for, and what it must get.
struct Question {
  std::string method = "GET";
  std::string target = "/";
  std::size_t body = 0;
  std::size_t pieces = 1;  // the body is sent in so many,
  Duration body_time{};    //   spread over this time
  bool close = false;
  int status = 200;
  std::string expect;  // the whole body of the answer; empty: not looked at
};

class Load : public ConnectionOwner {
 public:
  Load(Run& run, std::string name, Question question);

  virtual void start() = 0;
  void stop() { stopping_ = true; }  // what is outstanding is still waited for
  bool finished() const { return stopping_ && outstanding_ == 0; }
  void conclude();  // accounts for the connections that still live

  const Statistics& statistics() const { return statistics_; }

  void answered(Connection& from, const Request& request, const Response& response) override;
  void failed(Connection& from, Failure failure, const std::string& detail) override;
  void ended(Connection& from, Ending ending, std::deque<Request> unanswered) override;
  void gone(Connection& from) override;

 protected:
  Connection& connect(std::size_t slot, const Address* source = nullptr);
  const Address& target(std::size_t slot) const { return run_.targets[slot % run_.targets.size()]; }
  Request ask(Time intended);                 // a new request, counted
  void fail_unsent(std::string_view reason);  // a request that this client could not even try
  Time now() const { return run_.loop.now(); }
  Duration body_time() const { return question_.body_time; }

  Run& run_;
  Statistics statistics_;
  std::uint64_t outstanding_ = 0;
  bool stopping_ = false;

 private:
  void judge(const Request& request, const Response& response);
  void note_lost(const Connection& from, std::string_view how);

  const Question question_;
  const std::string head_;
  std::unordered_map<Connection*, std::unique_ptr<Connection>> connections_;
};

}  // namespace hupd::torture
