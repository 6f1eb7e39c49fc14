// A request that a worker asks of its own service. It goes through a pair of sockets inside the
// process, so that no listener has part in it: it works before the worker accepts.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <uv.h>

#include "connection/service.hpp"
#include "http/answer_reader.hpp"
#include "loop/handle.hpp"
#include "os/fd.hpp"

namespace hupd::http1 {

// To let go of it closes its end of the connection.
class SelfRequest {
 public:
  // Nothing: 2xx or 3xx, and the whole of it. Else what came instead: "503: no database".
  using Fault = std::optional<std::string>;
  using OnAnswer = std::function<void(const Fault& fault)>;

  // `on_answer` is called once, from the loop, and may let go of this. What the service calls the
  // listener is "probe".
  SelfRequest(uv_loop_t* loop, connection::Service& service, std::string_view request,
              OnAnswer on_answer);
  SelfRequest(const SelfRequest&) = delete;
  SelfRequest& operator=(const SelfRequest&) = delete;

 private:
  void connect(connection::Service& service, std::string_view request);
  void read();
  void answer(AnswerReader::Event event);

  uv_loop_t* loop_;
  OnAnswer on_answer_;
  AnswerReader reader_;
  Fault hindered_;  // it could not be asked
  os::Fd fd_;
  std::optional<loop::Readable> readable_;
  loop::Timer at_once_;
};

// "GET /healthz HTTP/1.1 …", with `Connection: close`.
std::string get_request(std::string_view path, std::string_view host);

}  // namespace hupd::http1
