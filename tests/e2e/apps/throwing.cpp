// Throws where -DTHROW_IN_… says, through the C++ wrapper.
#include <stdexcept>

#include <hupd/http.hpp>

struct Throwing : hupd::http::Service {
  Throwing() {
#ifdef THROW_IN_CONSTRUCTOR
    throw std::runtime_error("no prices today");
#endif
  }
  hupd::Start start(hupd::Worker) override {
#ifdef THROW_IN_START
    throw std::runtime_error("no database today");
#endif
    return hupd::Start::Ready;
  }
  hupd::http::Response handle(const hupd::http::Request&) override {
    return hupd::http::text("bad\n");
  }
};

HUPD_APP(Throwing)

#ifdef THROW_WHILE_LOADING
static const int thrown = [] {
  if (hupd_application.size != 0) throw std::runtime_error("no loading today");
  return 0;
}();
#endif
