// Where a request's body ends. By hand rather than by llhttp, whose versions differ in what they
// let pass between chunks (8.1 takes a lone LF for the end of the trailers): a body's end is where
// the next request begins, so it has to be exact.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "http/head.hpp"

namespace hupd::http1 {

class BodyReader {
 public:
  // `max_overhead` bounds the bytes between two pieces: sizes, extensions, trailers.
  void start(const Head& head, std::size_t max_overhead);

  enum class Event {
    More,   // everything was used up
    Piece,  // `piece()` is a part of the body
    End,    // the body is complete
    Bad     // see `fault()`
  };
  // Uses up the front of `bytes`, as far as the event reaches.
  Event next(std::string_view& bytes);

  std::string_view piece() const { return piece_; }
  const Fault& fault() const { return fault_; }
  // Where it stands, for another worker to go on from there; after the same start(). False: these
  // are no position.
  static constexpr std::size_t saved_size = 24;
  std::string save() const;
  bool restore(std::string_view saved);

  // Known for a body by length.
  bool knows_remaining() const { return !is_chunked_; }
  std::uint64_t remaining() const { return remaining_; }

 private:
  enum class State {
    Size,       // the first digit of a chunk's size
    MoreSize,   // another one
    Extension,  // the rest of the line, which nobody needs
    SizeLf,     // the LF behind it
    Data,       // `remaining_` bytes of a chunk, or of the body
    DataCr,     // the line end behind a chunk
    DataLf,
    Trailer,      // the start of a line behind the last chunk
    TrailerName,  // a field, which is dropped
    TrailerValue,
    TrailerLf,
    LastLf,  // of the empty line
    Done
  };

  Event take_piece(std::string_view& bytes);
  bool take_framing(char byte);  // false: it may not stand there

  State state_ = State::Done;
  bool is_chunked_ = false;
  std::uint64_t remaining_ = 0;
  std::size_t overhead_ = 0;
  std::size_t max_overhead_ = 0;
  std::string_view piece_;
  Fault fault_;
};

}  // namespace hupd::http1
