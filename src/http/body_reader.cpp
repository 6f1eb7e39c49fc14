#include "http/body_reader.hpp"

#include <algorithm>

#include "http/token.hpp"

namespace hupd::http1 {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = to_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool is_text(char c) { return c == '\t' || (static_cast<unsigned char>(c) >= ' ' && c != '\x7f'); }

}  // namespace

void BodyReader::start(const Head& head, std::size_t max_overhead) {
  is_chunked_ = head.body == Head::Body::Chunked;
  remaining_ = is_chunked_ ? 0 : head.content_length;
  state_ = is_chunked_ ? State::Size : remaining_ > 0 ? State::Data : State::Done;
  overhead_ = 0;
  max_overhead_ = max_overhead;
}

BodyReader::Event BodyReader::next(std::string_view& bytes) {
  while (state_ != State::Done) {
    if (bytes.empty()) return Event::More;
    if (state_ == State::Data) return take_piece(bytes);
    if (++overhead_ > max_overhead_) {
      fault_ = {431, "chunk extensions or trailers larger than http.max_header"};
      return Event::Bad;
    }
    if (!take_framing(bytes.front())) {
      fault_ = {400, "the body's chunks are malformed"};
      return Event::Bad;
    }
    bytes.remove_prefix(1);
  }
  return Event::End;
}

BodyReader::Event BodyReader::take_piece(std::string_view& bytes) {
  piece_ = bytes.substr(0, std::min<std::uint64_t>(remaining_, bytes.size()));
  bytes.remove_prefix(piece_.size());
  remaining_ -= piece_.size();
  overhead_ = 0;
  if (remaining_ == 0) state_ = is_chunked_ ? State::DataCr : State::Done;
  return Event::Piece;
}

bool BodyReader::take_framing(char byte) {
  const auto expect = [&](char expected, State next) {
    state_ = next;
    return byte == expected;
  };
  switch (state_) {
    case State::Size:
    case State::MoreSize:
      if (const int digit = hex_digit(byte); digit >= 0) {
        if (remaining_ >> 56 != 0) return false;  // no room for another digit, with one to spare
        remaining_ = remaining_ * 16 + static_cast<std::uint64_t>(digit);
        state_ = State::MoreSize;
        return true;
      }
      if (state_ == State::Size) return false;
      if (byte == '\r') return expect('\r', State::SizeLf);
      state_ = State::Extension;
      return byte == ';' || byte == ' ' || byte == '\t';
    case State::Extension:
      return byte == '\r' ? expect('\r', State::SizeLf) : is_text(byte);
    case State::SizeLf:
      return expect('\n', remaining_ > 0 ? State::Data : State::Trailer);
    case State::DataCr:
      return expect('\r', State::DataLf);
    case State::DataLf:
      return expect('\n', State::Size);
    case State::Trailer:
      if (byte == '\r') return expect('\r', State::LastLf);
      state_ = State::TrailerName;
      return is_token_char(byte);
    case State::TrailerName:
      return byte == ':' ? expect(':', State::TrailerValue) : is_token_char(byte);
    case State::TrailerValue:
      return byte == '\r' ? expect('\r', State::TrailerLf) : is_text(byte);
    case State::TrailerLf:
      return expect('\n', State::Trailer);
    case State::LastLf:
      return expect('\n', State::Done);
    case State::Data:
    case State::Done:
      break;
  }
  return false;
}

}  // namespace hupd::http1
