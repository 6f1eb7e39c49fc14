#include "http/exchange.hpp"

#include <array>
#include <charconv>
#include <ctime>
#include <string>

#include "connection/written.hpp"
#include "http/session.hpp"
#include "http/status.hpp"

using hupd::connection::result_of;
using hupd::http1::Framing;
using hupd::http1::Persistence;

namespace {

std::span<const hupd_header> fields_of(const hupd_response& response) {
  return {response.headers, response.header_count};
}

// An application's mistake, or nothing.
std::string_view find_fault(const hupd_response& response) {
  if (response.status < 200 || response.status > 599) {
    return "the status of a response is not within 200 to 599";
  }
  return hupd::http1::find_fault(fields_of(response));
}

}  // namespace

void hupd_exchange::start(const hupd::http1::Head& request) {
  data = nullptr;
  stage_ = Stage::Waiting;
  version_ = request.version;
  is_head_method_ = request.is_head_method;
  persists_ = client_persists_ = request.keep_alive;
  may_upgrade_ = request.asks_to_upgrade;
  upgraded_ = false;
  cut_short_ = false;
  remaining_ = 0;
}

int hupd_exchange::respond(const hupd_response& response) {
  if (stage_ != Stage::Waiting) return HUPD_GONE;
  if (const std::string_view why = find_fault(response); !why.empty()) return reject(why);
  const std::string_view body{response.body.data, response.body.size};
  framing_ = hupd::http1::has_no_body(response.status) ? Framing::None : Framing::Length;
  remaining_ = response.status == 205 ? 0 : body.size();
  stage_ = Stage::Ended;
  const int result = send_head(response.status, fields_of(response), body.substr(0, remaining_));
  session_.response_ended();
  return result;
}

int hupd_exchange::begin(const hupd_response& head, std::int64_t content_length) {
  if (stage_ != Stage::Waiting) return HUPD_GONE;
  if (const std::string_view why = find_fault(head); !why.empty()) return reject(why);
  remaining_ = content_length > 0 ? static_cast<std::uint64_t>(content_length) : 0;
  framing_ = hupd::http1::has_no_body(head.status) ? Framing::None
             : content_length >= 0                 ? Framing::Length
             : version_ == 11                      ? Framing::Chunked
                                                   : Framing::UntilClose;
  stage_ = Stage::Streaming;
  return send_head(head.status, fields_of(head), {});
}

int hupd_exchange::send_head(unsigned status, std::span<const hupd_header> fields,
                             std::string_view body) {
  hupd::http1::Context& context = session_.context();
  persists_ = persists_ && framing_ != Framing::UntilClose && !hupd::http1::asks_to_close(fields) &&
              session_.may_persist();
  hupd::http1::append(session_.outlet().begin(),
                      {.status = status,
                       .date = context.date.at(std::time(nullptr)),
                       .fields = fields,
                       .framing = framing_,
                       .content_length = remaining_,
                       .persistence = !persists_       ? Persistence::Close
                                      : version_ == 10 ? Persistence::KeepAlive
                                                       : Persistence::Implied});
  const bool bodiless = is_head_method_ || framing_ == Framing::None;
  return result_of(session_.outlet().commit(bodiless ? std::string_view() : body));
}

int hupd_exchange::write(std::string_view piece) {
  if (stage_ != Stage::Streaming) return HUPD_GONE;
  if (framing_ == Framing::Length) {
    if (piece.size() > remaining_) {
      return complain("a response is longer than the length it began with: the rest is dropped");
    }
    remaining_ -= piece.size();
  }
  if (piece.empty() || is_head_method_ || framing_ == Framing::None) return HUPD_WRITTEN;
  std::string& out = session_.outlet().begin();
  if (framing_ != Framing::Chunked) return result_of(session_.outlet().commit(piece));
  std::array<char, 16> digits{};
  const auto [end, error] =
      std::to_chars(digits.data(), digits.data() + digits.size(), piece.size(), 16);
  out.append(digits.data(), end);
  out += "\r\n";
  return result_of(session_.outlet().commit(piece, "\r\n"));
}

int hupd_exchange::end() {
  if (stage_ != Stage::Streaming) return HUPD_GONE;
  stage_ = Stage::Ended;
  int result = HUPD_WRITTEN;
  if (framing_ == Framing::Chunked && !is_head_method_) {
    session_.outlet().begin() += "0\r\n\r\n";
    result = result_of(session_.outlet().commit());
  } else if (framing_ == Framing::Length && remaining_ > 0 && !is_head_method_) {
    cut_short_ = true;
    persists_ = false;
    complain("a response ended before the length it began with");
  }
  session_.response_ended();
  return result;
}

void hupd_exchange::answer(unsigned status) {
  const std::string body = std::string(hupd::http1::reason_phrase(status)) + "\n";
  const hupd_header plain{{"Content-Type", 12}, {"text/plain", 10}};
  framing_ = Framing::Length;
  remaining_ = body.size();
  stage_ = Stage::Ended;
  send_head(status, {&plain, 1}, body);
  session_.response_ended();
}

void hupd_exchange::refuse(const hupd::http1::Fault& fault) {
  persists_ = false;
  answer(fault.status);
}

void hupd_exchange::abort() {
  if (stage_ == Stage::Waiting) return answer(500);
  if (stage_ != Stage::Streaming) return;
  stage_ = Stage::Ended;
  cut_short_ = true;
  persists_ = false;  // which is how the client learns of it
  session_.response_ended();
}

// The application's response cannot be sent: an honest one goes out in its place.
int hupd_exchange::reject(std::string_view why) {
  complain(why);
  answer(500);
  return HUPD_GONE;
}

int hupd_exchange::complain(std::string_view why) const {
  session_.context().log(HUPD_ERROR, why);
  return HUPD_GONE;
}
