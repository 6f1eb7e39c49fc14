#include "http/head.hpp"

#include <algorithm>
#include <charconv>

#include "http/token.hpp"

namespace hupd::http1 {
namespace {

// CR and LF only together, no line continued on the next one (obs-fold): some llhttp versions take
// a lone CR or LF for the end of a line.
bool has_strict_lines(std::string_view head) {
  while (!head.empty()) {
    const std::size_t lf = head.find('\n');
    if (lf == std::string_view::npos || lf == 0 || head.find('\r') != lf - 1) return false;
    head.remove_prefix(lf + 1);
    if (!head.empty() && (head.front() == ' ' || head.front() == '\t')) return false;
  }
  return true;
}

// One space on either side of the target and nothing else: llhttp is more generous.
bool has_strict_request_line(const HeadParser& parser, std::string_view head) {
  const Slice& target = parser.target();
  const std::string_view rest = head.substr(target.offset + target.size);
  return target.offset == parser.method().size() + 1 && rest.starts_with(" HTTP/") &&
         rest.substr(9).starts_with("\r\n");
}

bool is_host(std::string_view value) {
  return value.find_first_of(" \t,/?#@\\") == std::string_view::npos;
}

// A count of the fields that may come once, and what they said.
struct Framing {
  int hosts = 0;
  int lengths = 0;
  int coding_fields = 0;
  int chunked = 0;
  int unknown_codings = 0;
  int expectations = 0;
  bool proper_names = true;
  bool proper_host = true;
  bool proper_length = true;
};

void note_length(std::string_view value, Head& found, Framing& framing) {
  ++framing.lengths;
  const char* end = value.data() + value.size();
  const auto [stop, error] = std::from_chars(value.data(), end, found.content_length);
  framing.proper_length = error == std::errc() && stop == end;
}

void note_codings(std::string_view value, Framing& framing) {
  ++framing.coding_fields;
  for_each_element(value, [&](std::string_view coding) {
    if (equals_ignoring_case(coding, "chunked")) {
      ++framing.chunked;
    } else {
      ++framing.unknown_codings;
    }
  });
}

void note_field(std::string_view name, std::string_view value, Head& found, Framing& framing) {
  switch (name.size()) {  // sifts out nearly all fields
    case 0:
      framing.proper_names = false;
      break;
    case 4:
      if (!equals_ignoring_case(name, "host")) break;
      ++framing.hosts;
      framing.proper_host = framing.proper_host && is_host(value);
      break;
    case 6:
      if (!equals_ignoring_case(name, "expect")) break;
      ++framing.expectations;
      found.expects_continue = equals_ignoring_case(value, "100-continue");
      break;
    case 14:
      if (equals_ignoring_case(name, "content-length")) note_length(value, found, framing);
      break;
    case 17:
      if (equals_ignoring_case(name, "transfer-encoding")) note_codings(value, framing);
      break;
    default:
      break;
  }
}

}  // namespace

std::variant<Head, Fault> check_head(const HeadParser& parser, std::string_view head) {
  Head found;
  found.version = parser.version();
  if (!has_strict_lines(head)) return Fault{400, "a line of the head does not end in CR LF"};

  if (!has_strict_request_line(parser, head)) return Fault{400, "the request line is malformed"};
  if (found.version != 10 && found.version != 11) {
    return Fault{505, "only HTTP/1.0 and HTTP/1.1 are served"};
  }

  Framing framing;
  for (const HeaderSlices& field : parser.headers()) {
    note_field(field.name.in(head), trim(field.value.in(head)), found, framing);
  }
  // A 2xx answer would make of the connection a tunnel that nobody here serves.
  if (parser.method() == "CONNECT") return Fault{501, "CONNECT is not served"};
  if (!framing.proper_names) return Fault{400, "a header field without a name"};
  if (framing.hosts > 1) return Fault{400, "more than one Host"};
  if (framing.hosts == 0 && found.version == 11) return Fault{400, "no Host"};
  if (!framing.proper_host) return Fault{400, "Host is not a host"};
  if (framing.lengths > 1) return Fault{400, "more than one Content-Length"};
  if (!framing.proper_length) return Fault{400, "Content-Length is not a number"};
  if (framing.coding_fields > 0) {
    if (framing.lengths > 0) return Fault{400, "Content-Length with Transfer-Encoding"};
    if (found.version == 10) return Fault{400, "Transfer-Encoding in HTTP/1.0"};
    if (framing.unknown_codings > 0) return Fault{501, "a transfer coding other than chunked"};
    if (framing.chunked != 1) return Fault{400, "Transfer-Encoding is not once chunked"};
    found.body = Head::Body::Chunked;
  } else if (found.content_length > 0) {
    found.body = Head::Body::Length;
  }
  if (found.version == 10) {
    found.expects_continue = false;  // 1.0 has no expectations: to be ignored
  } else if (framing.expectations > 1 || (framing.expectations == 1 && !found.expects_continue)) {
    return Fault{417, "an expectation other than 100-continue"};
  }
  found.expects_continue = found.expects_continue && found.body != Head::Body::None;
  found.is_head_method = parser.method() == "HEAD";
  found.keep_alive = parser.keep_alive();
  found.asks_to_upgrade = found.version == 11 && found.keep_alive && parser.asks_to_upgrade();
  return found;
}

}  // namespace hupd::http1
