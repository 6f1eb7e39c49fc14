// A new connection for each request, at a steady rate that does not wait for answers (an open
// loop): when the server stalls, the requests that were due meanwhile are sent and their waiting
// counts, where a closed loop would politely look away.
#pragma once

#include "load.hpp"

namespace hupd::torture {

class FreshLoad : public Load {
 public:
  // Asks with `Connection: close`, so that the server ends the connection and has the TIME_WAIT.
  FreshLoad(Run& run, Question question, unsigned per_second);

  void start() override;

 private:
  void send_due();

  const Duration interval_;
  Time due_{};
  std::size_t turn_ = 0;
};

}  // namespace hupd::torture
