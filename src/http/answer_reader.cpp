#include "http/answer_reader.hpp"

namespace hupd::http1 {
namespace {

constexpr std::size_t longest_line = 200;

}  // namespace

const llhttp_settings_t& AnswerReader::settings() {
  static const llhttp_settings_t shared = [] {
    llhttp_settings_t made;
    llhttp_settings_init(&made);
    made.on_body = [](llhttp_t* llhttp, const char* at, std::size_t size) {
      of(llhttp).take({at, size});
      return 0;
    };
    made.on_message_complete = [](llhttp_t* llhttp) -> int {
      of(llhttp).is_complete_ = true;
      return HPE_PAUSED;  // there is no other
    };
    return made;
  }();
  return shared;
}

AnswerReader::AnswerReader() {
  llhttp_init(&llhttp_, HTTP_RESPONSE, &settings());
  llhttp_.data = this;
}

AnswerReader::Event AnswerReader::read(std::string_view bytes) {
  return event_of(llhttp_execute(&llhttp_, bytes.data(), bytes.size()));
}

AnswerReader::Event AnswerReader::end() {
  const Event event = event_of(llhttp_finish(&llhttp_));
  return event == Event::More ? Event::Bad : event;
}

AnswerReader::Event AnswerReader::event_of(llhttp_errno_t error) const {
  if (is_complete_) return Event::Complete;
  return error == HPE_OK ? Event::More : Event::Bad;
}

void AnswerReader::take(std::string_view piece) {
  for (const char c : piece) {
    has_line_ = has_line_ || c == '\n' || first_line_.size() == longest_line;
    if (has_line_) return;
    const bool is_control = (c >= 0 && c < ' ') || c == '\x7f';
    if (!is_control) first_line_ += c;
  }
}

}  // namespace hupd::http1
