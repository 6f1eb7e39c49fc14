// The application's callbacks. None of them runs inside a host function that it called itself.
#include <utility>

#include "http/session.hpp"
#include "http/token.hpp"

namespace hupd::http1 {
namespace {

hupd_str str(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

// What the callback writes leaves together.
template <class Callback>
void Session::call(Callback callback) {
  known_to_app_ = true;
  outlet_.cork();
  callback();
  outlet_.uncork();
}

hupd_request Session::describe(std::string_view head, std::string_view body) {
  context_.fields.clear();
  for (const HeaderSlices& field : parser_.headers()) {
    context_.fields.push_back({str(field.name.in(head)), str(trim(field.value.in(head)))});
  }
  return {.size = sizeof(hupd_request),
          .version = parser_.version(),
          .method = str(parser_.method()),
          .target = str(parser_.target().in(head)),
          .headers = context_.fields.data(),
          .header_count = context_.fields.size(),
          .body = str(body)};
}

int Session::show_head(const hupd_request& request) {
  int mode = HUPD_BODY_WHOLE;
  if (context_.ops.head != nullptr) {
    call([&] { mode = context_.ops.head(context_.worker.app, &exchange_, &request); });
  }
  return mode;
}

void Session::show_request(std::string_view head, std::string_view body) {
  const hupd_request request = describe(head, body);
  call([&] { context_.ops.request(context_.worker.app, &exchange_, &request); });
}

void Session::show_piece(std::string_view piece, bool last) {
  if (context_.ops.body == nullptr) return;
  call([&] { context_.ops.body(context_.worker.app, &exchange_, str(piece), last ? 1 : 0); });
}

void Session::on_writable() {
  if (exchange_.stage() != hupd_exchange::Stage::Streaming) return;
  if (context_.ops.writable == nullptr) return;
  call([&] { context_.ops.writable(context_.worker.app, &exchange_); });
}

void Session::pause() {
  if (state_ != State::Streaming && state_ != State::Deciding) return;
  state_ = State::Paused;
  connection_.deadline().cancel();
}

void Session::resume() {
  if (state_ != State::Paused) return;
  state_ = State::Streaming;
  context_.body_limit.set(connection_.deadline());
  connection_.wake();
}

// The exchange is over, one way or the other.
void Session::release_exchange() {
  const bool completed = exchange_.is_whole();
  exchange_.stop();
  collected_ = {};
  if (!std::exchange(known_to_app_, false)) return;
  if (context_.ops.closed != nullptr) {
    context_.ops.closed(context_.worker.app, &exchange_, completed ? 1 : 0);
  }
}

}  // namespace hupd::http1
