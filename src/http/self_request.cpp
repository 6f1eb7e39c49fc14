#include "http/self_request.hpp"

#include <utility>

#include "http/status.hpp"
#include "os/local_stream.hpp"
#include "os/pipe.hpp"
#include "os/stream_socket.hpp"

namespace hupd::http1 {
namespace {

constexpr std::size_t most_at_a_time = std::size_t{256} * 1024;

std::string in_words(const AnswerReader& answer) {
  const std::string status = std::to_string(answer.status());
  if (!answer.first_line().empty()) return status + ": " + answer.first_line();
  return status + " " + std::string(reason_phrase(answer.status()));
}

}  // namespace

SelfRequest::SelfRequest(uv_loop_t* loop, connection::Service& service, std::string_view request,
                         OnAnswer on_answer)
    : loop_(loop), on_answer_(std::move(on_answer)), at_once_(loop, [this] {
        const OnAnswer tell = on_answer_;
        tell(Fault(hindered_));
      }) {
  connect(service, request);
  if (hindered_) at_once_.start(0);
}

void SelfRequest::connect(connection::Service& service, std::string_view request) {
  auto ends = os::stream_pair();
  if (!ends) {
    hindered_ = ends.error().text;
    return;
  }
  fd_ = std::move(ends->first);
  const auto sent = os::send_now(fd_.get(), request);
  if (!sent || *sent != request.size()) {
    hindered_ = "send the request: " + (sent ? "the socket took a part of it" : sent.error().text);
    return;
  }
  service.accept(std::move(ends->second), os::Peer(), "probe");
  readable_.emplace(loop_, fd_.get(), [this] { read(); });
}

void SelfRequest::read() {
  std::string bytes;
  const bool is_open = os::read_available(fd_.get(), bytes, most_at_a_time);
  auto event = bytes.empty() ? AnswerReader::Event::More : reader_.read(bytes);
  if (event == AnswerReader::Event::More && !is_open) event = reader_.end();
  if (event != AnswerReader::Event::More) answer(event);
}

void SelfRequest::answer(AnswerReader::Event event) {
  Fault fault;
  if (event == AnswerReader::Event::Bad) {
    fault = "the response is not whole";
  } else if (reader_.status() < 200 || reader_.status() > 399) {
    fault = in_words(reader_);
  }
  const OnAnswer tell = on_answer_;
  tell(fault);
}

std::string get_request(std::string_view path, std::string_view host) {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: " + std::string(host) +
         "\r\nUser-Agent: hupd\r\nConnection: close\r\n\r\n";
}

}  // namespace hupd::http1
