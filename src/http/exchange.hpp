// The response to one request: what the application holds as its handle.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include <hupd/app.h>

#include "http/head.hpp"
#include "http/response_head.hpp"

namespace hupd::http1 {
class Session;
}

// One after another in the same place: a session has one, and starts it anew for each request.
struct hupd_exchange {
 public:
  explicit hupd_exchange(hupd::http1::Session& session) : session_(session) {}
  hupd_exchange(const hupd_exchange&) = delete;
  hupd_exchange& operator=(const hupd_exchange&) = delete;

  // The host functions; the results are hupd_write_results.
  int respond(const hupd_response& response);
  int begin(const hupd_response& head, std::int64_t content_length);
  int write(std::string_view piece);
  int end();
  int upgrade(const hupd_response& head);
  void abort();
  void* data = nullptr;  // the application's own

  // For the session.
  enum class Stage {
    None,       // there is no request
    Waiting,    // for the response to begin
    Streaming,  // it has begun
    Ended       // all of it was written
  };
  void start(const hupd::http1::Head& request);
  void refuse(const hupd::http1::Fault& fault);  // the host's own response, in Waiting
  void stop() { stage_ = Stage::None; }
  Stage stage() const { return stage_; }
  bool keeps_connection() const { return persists_; }  // from Streaming on
  bool client_keeps_connection() const { return client_persists_; }
  bool is_whole() const { return stage_ == Stage::Ended && !cut_short_; }
  bool has_upgraded() const { return upgraded_; }
  hupd::http1::Session& session() const { return session_; }

 private:
  int send_head(unsigned status, std::span<const hupd_header> fields, std::string_view body);
  void answer(unsigned status);  // of the host's own
  int reject(std::string_view why);
  int complain(std::string_view why) const;

  hupd::http1::Session& session_;
  Stage stage_ = Stage::None;
  hupd::http1::Framing framing_ = hupd::http1::Framing::None;
  unsigned version_ = 11;
  bool is_head_method_ = false;
  bool client_persists_ = false;
  bool may_upgrade_ = false;  // the client asks for it
  bool upgraded_ = false;     // and has its answer
  bool persists_ = false;
  bool cut_short_ = false;
  std::uint64_t remaining_ = 0;  // with Framing::Length: bytes of the body still to come
};
