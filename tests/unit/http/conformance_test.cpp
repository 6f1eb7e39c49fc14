// Bytes in, responses out: each case at once, and cut in two at every byte.
#include "raw_app.hpp"

namespace {

using hupd::test::Client;

struct Case {
  const char* name;
  std::string request;
  std::string expected;  // see RawTest::summary()
};

const std::string host = "Host: x\r\n";
const std::string get = "GET / HTTP/1.1\r\n" + host + "\r\n";

std::string with(std::string_view fields, std::string_view body = {}) {
  return "POST /p HTTP/1.1\r\n" + host + std::string(fields) + "\r\n" + std::string(body);
}

std::vector<Case> cases() {
  const std::string bad = "400 Bad Request\n (close)";
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  return {
      // What is served.
      {"get", get, "200 GET / "},
      {"target_with_query", "GET /a?b=c&d HTTP/1.1\r\n" + host + "\r\n", "200 GET /a?b=c&d "},
      {"absolute_form", "GET http://x/a HTTP/1.1\r\n" + host + "\r\n", "200 GET http://x/a "},
      {"asterisk_form", "OPTIONS * HTTP/1.1\r\n" + host + "\r\n", "200 OPTIONS * "},
      {"no_tunnel", "CONNECT x:443 HTTP/1.1\r\n" + host + "\r\n" + get,
       "501 Not Implemented\n (close)"},
      {"upgrade_is_plain",
       "GET / HTTP/1.1\r\n" + host + "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n" + get,
       "200 GET / |200 GET / "},
      {"upgrade_with_a_body",
       with("Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 2\r\n", "ab") + get,
       "200 POST /p ab|200 GET / "},
      {"empty_lines_before", "\r\n\r\n" + get + "\r\n" + get, "200 GET / |200 GET / "},
      {"empty_header_value", "GET / HTTP/1.1\r\nHost:\r\nA:\r\nB: c\r\n\r\n", "200 GET / "},
      {"pipelined", get + with("Content-Length: 1\r\n", "a") + get,
       "200 GET / |200 POST /p a|200 GET / "},
      {"length", with("Content-Length: 5\r\n", "hello"), "200 POST /p hello"},
      {"length_zero", with("Content-Length: 0\r\n"), "200 POST /p "},
      {"chunked", with(chunked, "2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n") + get,
       "200 POST /p abcde|200 GET / "},
      {"chunked_in_capitals",
       with("TRANSFER-ENCODING: Chunked\r\n", "A\r\n0123456789\r\n0\r\n\r\n"),
       "200 POST /p 0123456789"},
      {"chunk_extensions", with(chunked, "2;a=b;c=\"d\"\r\nab\r\n0\r\n\r\n"), "200 POST /p ab"},
      {"trailers", with(chunked, "2\r\nab\r\n0\r\nA: b\r\nContent-Length: 9\r\n\r\n") + get,
       "200 POST /p ab|200 GET / "},
      {"close_is_heeded", "GET / HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n" + get,
       "200 GET /  (close)"},
      {"http_1_0", "GET / HTTP/1.0\r\n\r\n" + get, "200 GET /  (close)"},
      {"http_1_0_keep_alive", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" + get,
       "200 GET / |200 GET / "},
      {"expect_ignored_in_http_1_0",
       "POST /p HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nab",
       "200 POST /p ab (close)"},

      // Where two servers could disagree: no request behind one of these may ever be seen.
      {"length_and_chunked", with("Content-Length: 3\r\n" + chunked, "0\r\n\r\n") + get, bad},
      {"chunked_and_length", with(chunked + "Content-Length: 3\r\n", "0\r\n\r\n") + get, bad},
      {"two_lengths", with("Content-Length: 3\r\nContent-Length: 4\r\n", "abcd") + get, bad},
      {"the_same_length_twice", with("Content-Length: 3\r\nContent-Length: 3\r\n", "abc"), bad},
      {"a_list_of_lengths", with("Content-Length: 3, 3\r\n", "abc"), bad},
      {"signed_length", with("Content-Length: +3\r\n", "abc"), bad},
      {"negative_length", with("Content-Length: -3\r\n", "abc"), bad},
      {"hexadecimal_length", with("Content-Length: 0x3\r\n", "abc"), bad},
      {"empty_length", with("Content-Length:\r\n"), bad},
      {"length_beyond_64_bits", with("Content-Length: 99999999999999999999\r\n"), bad},
      {"chunked_twice", with("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n"), bad},
      {"chunked_in_two_fields", with(chunked + chunked, "0\r\n\r\n"), bad},
      {"empty_coding", with("Transfer-Encoding:\r\n", "0\r\n\r\n"), bad},
      {"chunked_in_1_0", "POST / HTTP/1.0\r\n" + chunked + "\r\n0\r\n\r\n", bad},
      {"coding_with_vertical_tab", with("Transfer-Encoding: \vchunked\r\n", "0\r\n\r\n"), bad},
      {"space_before_colon", "GET / HTTP/1.1\r\nHost : x\r\n\r\n", bad},
      {"space_before_colon_of_length", with("Content-Length : 3\r\n", "abc"), bad},
      {"folded_line", "GET / HTTP/1.1\r\n" + host + "A: b\r\n c\r\n\r\n", bad},
      {"space_before_the_first_field", "GET / HTTP/1.1\r\n " + host + "\r\n", bad},
      {"bare_lf_after_request_line", "GET / HTTP/1.1\nHost: x\r\n\r\n", bad},
      {"bare_lf_after_field", "GET / HTTP/1.1\r\nHost: x\nA: b\r\n\r\n", bad},
      {"bare_lf_at_the_end", "GET / HTTP/1.1\r\nHost: x\r\n\n", bad},
      {"bare_cr_in_value", "GET / HTTP/1.1\r\nHost: x\r\nA: b\rC: d\r\n\r\n", bad},
      {"bare_cr_between_fields", "GET / HTTP/1.1\r\nHost: x\rContent-Length: 5\r\n\r\n", bad},
      {"nul_in_value", std::string("GET / HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n", 35), bad},
      {"no_colon", "GET / HTTP/1.1\r\n" + host + "nonsense\r\n\r\n", bad},
      {"empty_name", "GET / HTTP/1.1\r\n" + host + ": x\r\n\r\n", bad},
      {"chunk_size_not_hexadecimal", with(chunked, "x\r\nab\r\n0\r\n\r\n"), bad},
      {"chunk_size_with_prefix", with(chunked, "0x2\r\nab\r\n0\r\n\r\n"), bad},
      {"chunk_size_negative", with(chunked, "-2\r\nab\r\n0\r\n\r\n"), bad},
      {"chunk_size_beyond_64_bits", with(chunked, "10000000000000002\r\nab\r\n0\r\n\r\n"), bad},
      {"chunk_size_ends_in_lf", with(chunked, "2\nab\r\n0\r\n\r\n"), bad},
      {"chunk_size_ends_in_cr", with(chunked, "2\rab\r\n0\r\n\r\n"), bad},
      {"chunk_ends_in_lf", with(chunked, "2\r\nab\n0\r\n\r\n"), bad},
      {"chunk_longer_than_its_size", with(chunked, "2\r\nabc\r\n0\r\n\r\n"), bad},
      {"chunk_extension_with_lf", with(chunked, "2;a\nb\r\nab\r\n0\r\n\r\n"), bad},
      {"last_chunk_ends_in_lf", with(chunked, "0\n\n") + get, bad},
      {"trailers_end_in_lf", with(chunked, "0\r\n\n") + get, bad},
      {"trailer_ends_in_lf", with(chunked, "0\r\nA: b\n\r\n") + get, bad},

      // What is no HTTP, or none of ours.
      {"no_host", "GET / HTTP/1.1\r\n\r\n", bad},
      {"two_hosts", "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", bad},
      {"two_hosts_in_1_0", "GET / HTTP/1.0\r\nHost: x\r\nHost: x\r\n\r\n", bad},
      {"host_list", "GET / HTTP/1.1\r\nHost: x, y\r\n\r\n", bad},
      {"host_with_path", "GET / HTTP/1.1\r\nHost: x/y\r\n\r\n", bad},
      {"no_target", "GET HTTP/1.1\r\n" + host + "\r\n", bad},
      {"two_spaces", "GET  / HTTP/1.1\r\n" + host + "\r\n", bad},
      {"space_in_target", "GET /a b HTTP/1.1\r\n" + host + "\r\n", bad},
      {"control_in_target", "GET /a\x01 HTTP/1.1\r\n" + host + "\r\n", bad},
      {"tls", std::string("\x16\x03\x01\x02\x00\x01\x00", 7), bad},
      {"no_version_number", "GET / HTTP/x.1\r\n" + host + "\r\n", bad},
      {"no_version", "GET / FTP/1.1\r\n" + host + "\r\n", bad},
      {"unknown_coding", with("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"),
       "501 Not Implemented\n (close)"},
      {"only_an_unknown_coding", with("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"),
       "501 Not Implemented\n (close)"},
      {"unknown_method", "FROB / HTTP/1.1\r\n" + host + "\r\n", "501 Not Implemented\n (close)"},
      {"method_in_lower_case", "get / HTTP/1.1\r\n" + host + "\r\n",
       "501 Not Implemented\n (close)"},
      {"version_2", "GET / HTTP/2.0\r\n" + host + "\r\n",
       "505 HTTP Version Not Supported\n (close)"},
      {"version_1_2", "GET / HTTP/1.2\r\n" + host + "\r\n",
       "505 HTTP Version Not Supported\n (close)"},
      {"version_0_9", "GET /\r\n", bad},
      {"h2_preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
       "505 HTTP Version Not Supported\n (close)"},
      {"unknown_expectation", with("Expect: the-impossible\r\nContent-Length: 1\r\n", "a"),
       "417 Expectation Failed\n (close)"},
      {"target_too_long", "GET /" + std::string(300, 'a') + " HTTP/1.1\r\n" + host + "\r\n",
       "414 URI Too Long\n (close)"},
      {"field_too_long", "GET / HTTP/1.1\r\n" + host + "A: " + std::string(600, 'a') + "\r\n\r\n",
       "431 Request Header Fields Too Large\n (close)"},
      {"too_many_fields",
       "GET / HTTP/1.1\r\n" + host + "A: b\r\nA: b\r\nA: b\r\nA: b\r\nA: b\r\nA: b\r\n\r\n",
       "431 Request Header Fields Too Large\n (close)"},
      {"body_too_long", with("Content-Length: 101\r\n", std::string(101, 'a')),
       "413 Content Too Large\n (close)"},
      {"chunks_too_long",
       with(chunked,
            "33\r\n" + std::string(51, 'a') + "\r\n33\r\n" + std::string(51, 'a') + "\r\n"),
       "413 Content Too Large\n (close)"},
      {"trailers_too_long", with(chunked, "0\r\nA: " + std::string(600, 'a') + "\r\n\r\n"),
       "431 Request Header Fields Too Large\n (close)"},
  };
}

class ConformanceTest : public hupd::test::RawTest, public ::testing::WithParamInterface<Case> {
 protected:
  ConformanceTest() {
    config.http.max_target = 256;
    config.http.max_header = 512;
    config.http.max_headers = 6;
    config.http.max_body = 100;
    start();
  }

  void expect_answers(std::string_view first, std::string_view second) {
    Client client = connect();
    client.send(first);
    settle();
    if (!second.empty()) client.send(second);
    settle();
    client.poll();
    ASSERT_EQ(summary(client.received), GetParam().expected) << "cut at " << first.size();
    const bool closes = GetParam().expected.ends_with("(close)");
    ASSERT_EQ(client.end, closes ? Client::End::Finished : Client::End::Open);
    client.shut_down();
    run_until([&] { return service->open() == 0; });
  }
};

TEST_P(ConformanceTest, answers_alike_however_the_bytes_arrive) {
  const std::string_view request = GetParam().request;
  expect_answers(request, {});
  for (std::size_t cut = 1; cut < request.size() && !HasFatalFailure(); ++cut) {
    expect_answers(request.substr(0, cut), request.substr(cut));
  }
}

INSTANTIATE_TEST_SUITE_P(Http, ConformanceTest, ::testing::ValuesIn(cases()),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
