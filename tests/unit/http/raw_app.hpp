// An application written against the C interface, steered by tests: what it does is a handful of
// functions that a test replaces.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <hupd/app.h>

#include "fixture.hpp"

namespace hupd::test {

inline hupd_str str(std::string_view text) { return {text.data(), text.size()}; }
inline std::string text(hupd_str view) { return {view.data, view.size}; }

struct RawApp {
  RawApp();

  std::function<int(hupd_exchange*, const hupd_request&)> head;  // empty: the body is collected
  std::function<void(hupd_exchange*, std::string_view, bool)> body;
  std::function<void(hupd_exchange*, const hupd_request&)> request;
  std::function<void(hupd_exchange*)> writable;
  std::vector<std::string> log;  // "closed 1", in the order of the callbacks
  hupd_http_ops ops{};
  hupd_app table{};
};

// A 200 with that body.
int respond(const hupd_host& host, hupd_exchange* exchange, std::string_view body,
            unsigned status = 200, std::vector<hupd_header> headers = {});

class RawTest : public ServiceTest {
 protected:
  // Echoes method, target and body unless the test says otherwise.
  RawTest();
  void start() { serve(app.table, &app); }

  // The status lines and bodies of all responses, as "200 hello|404 ". Checks the framing.
  static std::string summary(std::string_view received, bool to_head = false);

  RawApp app;
};

}  // namespace hupd::test
