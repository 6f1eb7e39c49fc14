#include "response.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <strings.h>

namespace hupd::torture {
namespace {

constexpr std::size_t max_line = 16 * 1024;
constexpr std::size_t max_head = 64 * 1024;
constexpr std::size_t max_body = 16 * 1024 * 1024;

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Whether a comma-separated list has `token`.
bool lists(std::string_view list, std::string_view token) {
  while (!list.empty()) {
    const auto comma = std::min(list.find(','), list.size());
    if (same(trimmed(list.substr(0, comma)), token)) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

template <typename Number>
bool parse(std::string_view text, Number& number, int base = 10) {
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number, base);
  return !text.empty() && error == std::errc{} && stop == end;
}

}  // namespace

std::string_view Response::header(std::string_view name) const {
  std::string_view rest = head;
  while (!rest.empty()) {
    const auto end = rest.find("\r\n");
    const auto line = rest.substr(0, end);
    const auto colon = line.find(':');
    if (same(line.substr(0, colon), name)) return trimmed(line.substr(colon + 1));
    rest.remove_prefix(end + 2);
  }
  return {};
}

void ResponseReader::fail(std::string reason) {
  state_ = State::Malformed;
  reason_ = std::move(reason);
}

bool ResponseReader::reads_data() const {
  return state_ == State::Body || state_ == State::BodyUntilEnd || state_ == State::Chunk;
}

std::size_t ResponseReader::feed(std::string_view bytes) {
  begun_ = begun_ || !bytes.empty();
  std::size_t used = 0;
  while (used < bytes.size() && !done() && !malformed()) {
    const auto rest = bytes.substr(used);
    used += reads_data() ? feed_data(rest) : feed_line(rest);
  }
  return used;
}

bool ResponseReader::finish() {
  if (state_ == State::BodyUntilEnd) state_ = State::Done;
  return done();
}

std::size_t ResponseReader::feed_data(std::string_view bytes) {
  const bool endless = state_ == State::BodyUntilEnd;
  const std::size_t take =
      endless ? bytes.size()
              : static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
  response_.body.append(bytes.substr(0, take));
  if (response_.body.size() > max_body) {
    fail("body larger than this client keeps");
  } else if (!endless) {
    left_ -= take;
    if (left_ == 0) state_ = state_ == State::Body ? State::Done : State::ChunkEnd;
  }
  return take;
}

std::size_t ResponseReader::feed_line(std::string_view bytes) {
  const auto newline = bytes.find('\n');
  const std::size_t take = newline == std::string_view::npos ? bytes.size() : newline + 1;
  line_.append(bytes.substr(0, take));
  if (line_.size() > max_line) {
    fail("line too long");
  } else if (newline != std::string_view::npos) {
    if (!line_.ends_with("\r\n")) {
      fail("line without CRLF: " + line_);
    } else {
      on_line(std::string_view(line_).substr(0, line_.size() - 2));
    }
    line_.clear();
  }
  return take;
}

void ResponseReader::on_line(std::string_view line) {
  switch (state_) {
    case State::StatusLine:
      return on_status(line);
    case State::Headers:
      return line.empty() ? on_head_end() : on_header(line);
    case State::ChunkSize:
      return on_chunk_size(line);
    case State::ChunkEnd:
      if (!line.empty()) return fail("bytes behind a chunk");
      state_ = State::ChunkSize;
      return;
    case State::Trailers:
      if (line.empty()) state_ = State::Done;
      return;
    case State::Body:
    case State::BodyUntilEnd:
    case State::Chunk:
    case State::Done:
    case State::Malformed:
      return;
  }
}

// "HTTP/1.1 200 OK", where the reason may be missing.
void ResponseReader::on_status(std::string_view line) {
  const bool version = line.starts_with("HTTP/1.1 ") || line.starts_with("HTTP/1.0 ");
  const bool shape = version && line.size() >= 12 && (line.size() == 12 || line[12] == ' ');
  if (!shape || !parse(line.substr(9, 3), response_.status) || response_.status < 100) {
    return fail("no status line: " + std::string(line.substr(0, 80)));
  }
  http10_ = line[7] == '0';
  state_ = State::Headers;
}

void ResponseReader::on_header(std::string_view line) {
  const auto colon = line.find(':');
  const auto name = line.substr(0, colon);
  if (colon == std::string_view::npos || name.empty() ||
      name.find_first_of(" \t") != std::string_view::npos) {
    return fail("no header: " + std::string(line.substr(0, 80)));
  }
  const auto value = trimmed(line.substr(colon + 1));
  if (same(name, "content-length")) {
    std::uint64_t length = 0;
    if (!parse(value, length)) return fail("bad Content-Length");
    if (has_length_ && length != left_) return fail("two values of Content-Length");
    has_length_ = true;
    left_ = length;
  } else if (same(name, "transfer-encoding")) {
    if (!same(value, "chunked") || chunked_) return fail("Transfer-Encoding other than chunked");
    chunked_ = true;
  } else if (same(name, "connection")) {
    response_.close = response_.close || lists(value, "close");
    keep_alive_ = keep_alive_ || lists(value, "keep-alive");
  }
  response_.head.append(line).append("\r\n");
  if (response_.head.size() > max_head) fail("head too long");
}

void ResponseReader::on_head_end() {
  if (response_.status < 200) {
    if (response_.status == 101) return fail("101 without having asked");
    reset();
    begun_ = true;
    return;
  }
  if (chunked_ && has_length_) return fail("both Content-Length and Transfer-Encoding");
  if (http10_ && !keep_alive_) response_.close = true;
  const bool bodiless = response_.status == 204 || response_.status == 304;
  if (bodiless) {
    state_ = State::Done;
  } else if (chunked_) {
    state_ = State::ChunkSize;
  } else if (has_length_) {
    state_ = left_ == 0 ? State::Done : State::Body;
  } else {
    response_.close = true;
    state_ = State::BodyUntilEnd;
  }
}

void ResponseReader::on_chunk_size(std::string_view line) {
  if (!parse(trimmed(line.substr(0, line.find(';'))), left_, 16)) return fail("bad chunk size");
  state_ = left_ == 0 ? State::Trailers : State::Chunk;
}

}  // namespace hupd::torture
