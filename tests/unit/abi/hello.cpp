#include <hupd/http.hpp>

struct Hello : hupd::http::Service {
  hupd::http::Response handle(const hupd::http::Request& request) override {
    return hupd::http::text(request.method() == "GET" ? "hello\n" : "hello, writer\n");
  }
};
HUPD_APP(Hello)
