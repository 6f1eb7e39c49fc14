// Reads HTTP/1.x responses as bytes come in. Strict on purpose: what a lenient client forgives, the
// next client does not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace hupd::torture {

struct Response {
  int status = 0;
  bool close = false;  // the server will close: said so, or by the rules of its version
  std::string head;    // header lines, each with its CRLF
  std::string body;

  // The value of the first header of that name, whatever its case; empty: none.
  std::string_view header(std::string_view name) const;
};

class ResponseReader {
 public:
  // Takes bytes up to the end of one response and says how many; the rest belongs to the next.
  // Interim (1xx) responses are read and dropped.
  std::size_t feed(std::string_view bytes);

  // The server ended the connection. True when that completes the response.
  bool finish();

  bool begun() const { return begun_; }
  bool done() const { return state_ == State::Done; }
  bool malformed() const { return state_ == State::Malformed; }
  const std::string& reason() const { return reason_; }  // why malformed
  const Response& response() const { return response_; }

  void reset() { *this = ResponseReader(); }

 private:
  enum class State {
    StatusLine,
    Headers,
    Body,
    BodyUntilEnd,
    ChunkSize,
    Chunk,
    ChunkEnd,
    Trailers,
    Done,
    Malformed
  };
  bool reads_data() const;
  std::size_t feed_line(std::string_view bytes);
  std::size_t feed_data(std::string_view bytes);
  void on_line(std::string_view line);
  void on_status(std::string_view line);
  void on_header(std::string_view line);
  void on_head_end();
  void on_chunk_size(std::string_view line);
  void fail(std::string reason);

  State state_ = State::StatusLine;
  bool begun_ = false;
  bool http10_ = false;
  bool keep_alive_ = false;
  bool has_length_ = false;
  bool chunked_ = false;
  std::uint64_t left_ = 0;  // of the body, or of the chunk
  std::string line_;        // a line not yet ended
  std::string reason_;
  Response response_;
};

}  // namespace hupd::torture
