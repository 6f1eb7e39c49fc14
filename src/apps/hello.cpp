// Answers every request with a greeting: `[app.NAME.settings] greeting = "hello"`.
#include <hupd/http.hpp>

class Hello : public hupd::http::Service {
 public:
  hupd::http::Response handle(const hupd::http::Request&) override {
    return hupd::http::text(greeting_);
  }

 private:
  // Read once, in the zygote: the workers share it.
  const std::string greeting_ = settings().get<std::string>("greeting", "hello") + "\n";
};

HUPD_APP(Hello)
