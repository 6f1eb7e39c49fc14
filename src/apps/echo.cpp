// Sends back what it is sent, no faster than the client takes it.
#include <hupd/connection.hpp>

class Echo : public hupd::Protocol {
 public:
  using Protocol::Protocol;

  std::size_t data(std::string_view bytes) override {
    if (connection.write(bytes) == hupd::Written::Full) connection.pause();
    return bytes.size();
  }
  void writable() override { connection.resume(); }
};

HUPD_APP(hupd::ServiceOf<Echo>)
