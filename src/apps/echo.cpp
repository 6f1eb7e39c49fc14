// Sends back what it is sent, no faster than the client takes it.
#include <hupd/connection.hpp>

class Echo : public hupd::Protocol {
 public:
  using Protocol::Protocol;
  Echo(hupd::Connection with, hupd::State) : Protocol(with) {}

  std::size_t data(std::string_view bytes) override {
    if (connection.write(bytes) == hupd::Written::Full) connection.pause();
    return bytes.size();
  }
  void writable() override { connection.resume(); }
  hupd::Move move() override { return hupd::Move::now(1, {}); }  // it remembers nothing
};

HUPD_APP(hupd::ServiceOf<Echo>)
