// A response as far as a probe wants to know it: its status, and the first line that it says.
#pragma once

#include <string>
#include <string_view>

#include <llhttp.h>

namespace hupd::http1 {

class AnswerReader {
 public:
  AnswerReader();
  AnswerReader(const AnswerReader&) = delete;
  AnswerReader& operator=(const AnswerReader&) = delete;

  enum class Event { More, Complete, Bad };
  Event read(std::string_view bytes);
  Event end();  // of the connection: some responses are complete with it

  unsigned status() const { return llhttp_.status_code; }
  // Of the body, without what is no text; 200 bytes of it at most.
  const std::string& first_line() const { return first_line_; }

 private:
  static const llhttp_settings_t& settings();
  static AnswerReader& of(llhttp_t* llhttp) { return *static_cast<AnswerReader*>(llhttp->data); }
  void take(std::string_view piece);
  Event event_of(llhttp_errno_t error) const;

  llhttp_t llhttp_;
  bool is_complete_ = false;
  bool has_line_ = false;
  std::string first_line_;
};

}  // namespace hupd::http1
