// Pipes for the output of children, and reading what is there.
#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include "os/fd.hpp"
#include "os/result.hpp"

namespace hupd::os {

struct OutputPipe {
  Fd reader;  // non-blocking
  Fd writer;  // blocking: printf in an application must not lose lines
};
Result<OutputPipe> output_pipe();

// As much as a pipe holds: one reading has all that a child said before it died.
inline constexpr std::size_t whole_pipe = 1024UL * 1024;

// Of a pipe or a stream that does not block: appends what is there now, about `most` bytes of it;
// false once the other side is closed and all was read.
bool read_available(int fd, std::string& into, std::size_t most = whole_pipe);

void replace_output(int fd);  // standard output and error of this process
// Whether who prints waits for room in the pipe, or loses what finds none. For all who share it.
void set_output_waits(bool waits);
void write_out_lines();                     // standard output is written line by line, pipe or not
void write_error(const std::string& text);  // to standard error, whole, errors ignored

}  // namespace hupd::os
