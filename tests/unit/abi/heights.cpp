// Each way of being an application that the documentation names, compiled without a warning. Three
// of them in one file, which a real library cannot have; HUPD_APP makes the last one the
// application.
#include <hupd/connection.hpp>
#include <hupd/http.hpp>
#include <hupd/listener.hpp>

namespace {

class Line : public hupd::Protocol {
 public:
  using Protocol::Protocol;
  std::size_t data(std::string_view bytes) override {
    const std::size_t end = bytes.find('\n');
    if (end == std::string_view::npos) return 0;
    connection.timeout(std::chrono::seconds(5));
    connection.write(bytes.substr(0, end + 1));
    return end + 1;
  }
  void draining() override {
    connection.write("bye\n");
    connection.finish();
  }
};

class Lines : public hupd::ConnectionService {
  std::unique_ptr<hupd::Protocol> open(hupd::Connection connection) override {
    hupd::debug(connection.peer());
    return std::make_unique<Line>(connection);
  }
};

class Raw : public hupd::ListenerService {
  std::optional<hupd::Legacy> leave(hupd::Worker, hupd::Moment moment) override {
    if (moment != hupd::Moment::Retired) return hupd::Legacy::later();
    return hupd::Legacy{1, "count"};
  }
  hupd::Start start(hupd::Worker worker) override {
    worker.ready();
    return hupd::Start::Pending;
  }
  hupd::Health probe(hupd::Probe probe) override {
    if (probe.worker().number() == 0) probe.failed("no number");
    probe.worker().unwell("no room");
    probe.worker().well();
    probe.well();
    return hupd::Health::Pending;
  }
  void listen(hupd::Worker worker, const std::vector<hupd::Listener>& listeners) override {
    count_connections(worker, static_cast<std::int64_t>(listeners.size()));
  }
  void drain(hupd::Worker worker) override { drained(worker); }
};

class Store : public hupd::http::Upload {
 public:
  explicit Store(hupd::http::Responder responder) : responder_(std::move(responder)) {}
  void piece(std::string_view bytes) override { size_ += bytes.size(); }
  void ended() override { responder_.respond(hupd::http::text(std::to_string(size_))); }

 private:
  hupd::http::Responder responder_;
  std::size_t size_ = 0;
};

class Api : public hupd::http::Service {
 public:
  static constexpr auto inherits = hupd::Inherits::BeforeReady;

 private:
  void take(hupd::Worker, const hupd::Inheritance& from) override {
    if (!from.heir || from.state.bytes.empty()) throw std::runtime_error("not for me");
  }
  std::unique_ptr<hupd::http::Upload> receive(const hupd::http::Request& request,
                                              hupd::http::Exchange& exchange) override {
    if (request.method() != "PUT") return nullptr;
    return std::make_unique<Store>(exchange.later());
  }
  void serve(const hupd::http::Request& request, hupd::http::Exchange& exchange) override {
    if (request.path() == "/later") {
      kept_ = exchange.later();
      kept_.begin(hupd::http::status(200).type("text/plain"));
      kept_.write("once ");
      kept_.on_writable([this] { kept_.end(); });
    } else if (exchange.upgrade(hupd::http::upgrade_to("lines"), [](hupd::Connection connection) {
                 return std::make_unique<Line>(connection);
               }) == hupd::Written::Gone) {
      exchange.respond(hupd::http::redirect("/later").header("X-Size", size_));
    }
  }

  std::unique_ptr<hupd::Protocol> adopt(hupd::Connection connection, hupd::State state) override {
    return state.version == 1 ? std::make_unique<Line>(connection) : nullptr;
  }
  void refused(hupd::Connection connection) override { connection.write("come again\n"); }

  hupd::http::Responder kept_;
  const std::string size_ = settings().get<std::string>("size", "large");
  const int count_ = settings().get("count", 3) + static_cast<int>(settings().json().size());
};

constexpr hupd_app lines = Lines::hupd_table<Lines>(nullptr);
constexpr hupd_app raw = Raw::hupd_table<Raw>("2");
static_assert(lines.connection->size > raw.listener->size);
static_assert(raw.inherits == HUPD_ON_ARRIVAL);
static_assert(lines.probe == nullptr);
static_assert(Api::hupd_table<Api>(nullptr).inherits == HUPD_BEFORE_READY);

}  // namespace

HUPD_APP(Api, "1.2.3")
