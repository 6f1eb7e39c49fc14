// A session on its way to another worker: between two requests, or with one that is half here and
// that no application has seen. The client notices nothing.
#include <cstring>

#include "http/session.hpp"

namespace hupd::http1 {
namespace {

// What travels of a request whose body is being collected: this, the reader's position, then head
// and body as they were collected. The host's own format; another version of it is refused.
constexpr std::uint32_t request_version = 1;
constexpr std::size_t position_size = BodyReader::saved_size;
using HeadSize = std::uint64_t;

}  // namespace

connection::Moving Session::on_move(handover::Parcel& parcel) {
  using connection::Moving;
  parcel.protocol = handover::Protocol::Http1;
  if (state_ == State::Idle || state_ == State::Head) return Moving::Now;  // all of it is unread
  // Known to the application: it is finished here first.
  if (state_ != State::Collecting || known_to_app_) return Moving::Later;
  const HeadSize head_size = head_size_;
  parcel.state_version = request_version;
  parcel.state.assign(reinterpret_cast<const char*>(&head_size), sizeof head_size);
  parcel.state += body_.save();
  parcel.state += collected_;
  return Moving::Now;
}

void Session::on_moved() {
  exchange_.stop();
  release_exchange();
  delete this;
}

void Session::adopt(const handover::Parcel& parcel) {
  if (parcel.protocol != handover::Protocol::Http1) return hang_up();
  if (parcel.is_cut) {
    refuse({503, "a request that another worker began is more than handover.max_state"});
    return;
  }
  if (parcel.state.empty() || !connection_.is_open()) return;
  if (!take_up(parcel)) refuse({500, "a request that another worker began cannot be read"});
}

// The head is read again from its own bytes; the body goes on where its reader stopped.
bool Session::take_up(const handover::Parcel& parcel) {
  std::string_view bytes = parcel.state;
  HeadSize head_size = 0;
  if (parcel.state_version != request_version || bytes.size() < sizeof head_size + position_size) {
    return false;
  }
  std::memcpy(&head_size, bytes.data(), sizeof head_size);
  const std::string_view position = bytes.substr(sizeof head_size, position_size);
  const std::string_view collected = bytes.substr(sizeof head_size + position_size);
  if (head_size > collected.size()) return false;

  const std::string_view head_text = collected.substr(0, head_size);
  parser_.begin();
  if (parser_.read(head_text) != HeadParser::Event::Head || parser_.used() != head_text.size()) {
    return false;
  }
  const auto checked = check_head(parser_, head_text);
  const Head* head = std::get_if<Head>(&checked);
  if (head == nullptr || head->body == Head::Body::None) return false;
  exchange_.start(*head);
  body_.start(*head, context_.limits.max_header);
  if (!body_.restore(position)) return false;
  collected_ = collected;
  head_size_ = head_text.size();
  state_ = State::Collecting;
  context_.body_limit.set(connection_.deadline());
  return true;
}

}  // namespace hupd::http1
