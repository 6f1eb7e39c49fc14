// A small server that misbehaves as told, one connection after the other.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <thread>

#include "address.hpp"

namespace hupd::torture {

class Peer {
 public:
  explicit Peer(int fd) : fd_(fd) {}
  ~Peer() { close(); }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  bool read_request();  // to the end of a head; false: the client left
  void wait_for_end();  // until the client leaves
  void send(std::string_view bytes);
  void
  close_gently();  // sends the FIN, then reads to the client's: nothing unread can make a reset
  void close();    // a FIN, as far as nothing unread is left
  void reset();    // a RST

 private:
  int fd_;
  std::string unread_;
};

class FaultyServer {
 public:
  explicit FaultyServer(std::function<void(Peer&)> behaviour);
  ~FaultyServer();
  const Address& address() const { return address_; }

 private:
  void serve();

  std::function<void(Peer&)> behaviour_;
  Address address_;  // before the listener, whose making fills it
  int listener_ = -1;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

// A port that nobody listens on, and one whose queue is full for as long as the object lives.
Address closed_port();
class FullListener {
 public:
  FullListener();
  ~FullListener();
  const Address& address() const { return address_; }

 private:
  Address address_;
  int listener_ = -1;
  std::array<int, 8> clients_{};
};

}  // namespace hupd::torture
