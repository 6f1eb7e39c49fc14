#include "exporter/endpoint.hpp"

#include <array>
#include <utility>

#include "http/service.hpp"
#include "metrics/text.hpp"
#include "os/pipe.hpp"

namespace hupd::exporter {

namespace {

// Of the master. Who asks gives up after 10 s usually: to say why is better.
constexpr std::uint64_t longest_silence_ms = 5'000;
// When it has been told to go. Who has only just come is about to ask; who keeps a connection for
// the next time is not waited for as long as an answer that is due.
constexpr std::uint64_t time_to_ask_ms = 300;
constexpr std::uint64_t time_to_finish_ms = 800;
constexpr std::string_view plain = "text/plain; charset=utf-8";

hupd_str str(std::string_view text) { return {text.data(), text.size()}; }
std::string_view view(hupd_str text) { return {text.data, text.size}; }

bool is_for_metrics(hupd_str target) {
  constexpr std::string_view path = "/metrics";
  const auto given = view(target);
  return given == path || given.starts_with("/metrics?");
}

}  // namespace

Endpoint::Endpoint(uv_loop_t* loop, Inquiry& inquiry)
    : loop_(loop), inquiry_(inquiry), patience_(loop, [this] { give_up(); }) {
  host_.size = sizeof host_;
  host_.abi_version = HUPD_ABI_VERSION;
  host_.log = [](int level, hupd_str text) {
    os::write_error("<" + std::to_string(level) + ">" + std::string(view(text)) + "\n");
  };
  connection::fill(host_);
  http1::fill(host_);
  ops_.size = sizeof ops_;
  ops_.request = [](void* self, hupd_exchange* exchange, const hupd_request* request) {
    static_cast<Endpoint*>(self)->request(exchange, *request);
  };
  ops_.closed = [](void* self, hupd_exchange* exchange, int) {
    static_cast<Endpoint*>(self)->forget(exchange);
  };
  table_.size = sizeof table_;
  table_.abi_version = HUPD_ABI_VERSION;
  table_.http = &ops_;
  settings_.http.max_body = 4096;  // nobody has anything to say
  inquiry_.on_text([this](const std::string& text) { answered(text); });
  service_ = http1::make_service({loop, table_, this, nullptr, settings_, host_, counters_});
}

void Endpoint::request(hupd_exchange* exchange, const hupd_request& request) {
  if (!is_for_metrics(request.target)) {
    return respond(exchange, 404, plain, "there is /metrics, and nothing else\n");
  }
  if (view(request.method) != "GET" && view(request.method) != "HEAD") {
    return respond(exchange, 405, plain, "GET and HEAD are allowed\n");
  }
  waiting_.push_back(exchange);
  if (!is_asking_) ask();
}

void Endpoint::forget(hupd_exchange* exchange) {
  asked_.remove(exchange);
  waiting_.remove(exchange);
}

void Endpoint::ask() {
  asked_.splice(asked_.end(), waiting_);
  is_asking_ = true;
  patience_.start(longest_silence_ms);
  inquiry_.ask();
}

void Endpoint::answered(const std::string& text) {
  is_asking_ = false;
  patience_.stop();
  respond_all(asked_, 200, metrics::content_type, text);
  if (!waiting_.empty()) ask();
}

// It is asked still: what it says later is for nobody.
void Endpoint::give_up() {
  for (auto* exchanges : {&asked_, &waiting_}) {
    respond_all(*exchanges, 503, plain, "the master does not answer\n");
  }
  patience_.start(longest_silence_ms);  // for those who come meanwhile
}

void Endpoint::respond_all(Exchanges& exchanges, std::uint32_t status, std::string_view type,
                           std::string_view body) const {
  while (!exchanges.empty()) {
    auto* exchange = exchanges.front();
    exchanges.pop_front();
    respond(exchange, status, type, body);
  }
}

void Endpoint::respond(hupd_exchange* exchange, std::uint32_t status, std::string_view type,
                       std::string_view body) const {
  const std::array headers = {hupd_header{str("Content-Type"), str(type)},
                              hupd_header{str("Allow"), str("GET, HEAD")}};
  const std::size_t count = status == 405 ? 2 : 1;
  const hupd_response response{sizeof response, status, headers.data(), count, str(body)};
  host_.http_respond(exchange, &response);
}

void Endpoint::finish() {
  if (service_->open() == 0) return;
  service_->on_empty([this] { uv_stop(loop_); });
  loop::Timer at_rest(loop_, [this] { service_->release_idle(); });
  loop::Timer all(loop_, [this] { uv_stop(loop_); });
  at_rest.start(time_to_ask_ms);
  all.start(time_to_finish_ms);
  service_->drain();
  uv_run(loop_, UV_RUN_DEFAULT);
  service_->on_empty({});
}

void Endpoint::close_all() {
  asked_.clear();
  waiting_.clear();
  service_->quit();
  for (int turns = 0; turns < 100 && service_->open() > 0; ++turns) {
    uv_run(loop_, UV_RUN_NOWAIT);
  }
}

}  // namespace hupd::exporter
