// Workers that know something: how many requests were answered, and a cache. They leave both to
// those that follow, well or badly as the settings say.
//
//   /          counts
//   /count     how many this worker knows of, by itself or as an heir
//   /put?KEY   into the cache
//   /cache     what is in it
//
// settings.leave: "hang" or "die" (when SERVING), "size" (settings.size bytes), "nothing"
// settings.take: "refuse", "crash", "hang"
#include <set>
#include <sstream>
#include <string>

#include <signal.h>
#include <unistd.h>

#include <hupd/http.hpp>

namespace {

namespace http = hupd::http;

class Keeper : public http::Service {
 public:
#ifdef KEEPER_BEFORE_READY
  static constexpr auto inherits = hupd::Inherits::BeforeReady;
#endif

  hupd::Start start(hupd::Worker worker) override {
    worker_ = std::to_string(worker.number());
    generation_ = std::to_string(worker.generation());
    return hupd::Start::Ready;
  }

  std::optional<hupd::Legacy> leave(hupd::Worker, hupd::Moment moment) override {
    const auto how = settings().get<std::string>("leave");
    if (how == "nothing") return std::nullopt;
    if (how == "size") {
      return hupd::Legacy{KEEPER_STATE, std::string(settings().get<std::size_t>("size"), 'x')};
    }
    if (moment == hupd::Moment::Serving) {
      hupd::info("asked while serving");
      if (how == "die") ::raise(SIGKILL);
      while (how == "hang") ::usleep(1000);
      return hupd::Legacy{KEEPER_STATE, "0 " + cached(), true};
    }
    // The cache at once, the count when it is final.
    if (moment == hupd::Moment::Retiring) return hupd::Legacy{KEEPER_STATE, "0 " + cached(), true};
    return hupd::Legacy{KEEPER_STATE, std::to_string(count_)};
  }

  void take(hupd::Worker, const hupd::Inheritance& from) override {
    hupd::info("taking " + std::to_string(from.state.bytes.size()) + " bytes of worker " +
               std::to_string(from.from_worker) + " of generation " +
               std::to_string(from.from_generation) + (from.heir ? " as the heir" : ""));
    const auto how = settings().get<std::string>("take");
    if (how == "refuse") throw std::runtime_error("no use for it");
    if (how == "crash") ::raise(SIGSEGV);
    while (how == "hang") ::usleep(1000);
    if (from.state.version != KEEPER_STATE) {
      throw std::runtime_error("state of version " + std::to_string(from.state.version));
    }
    std::istringstream words{std::string(from.state.bytes)};
    std::uint64_t count = 0;
    words >> count;
    if (from.heir) count_ += count;
    for (std::string key; words >> key;) cache_.insert(key);
  }

  http::Response handle(const http::Request& request) override {
    if (request.path() == "/") ++count_;
    if (request.path() == "/put") cache_.insert(std::string(request.query()));
    if (request.path() == "/count") return answer(std::to_string(count_));
    return answer(cached());
  }

 private:
  http::Response answer(std::string body) const {
    return std::move(http::text(std::move(body))
                         .header("X-Generation", generation_)
                         .header("X-Worker", worker_)
                         .header("X-Pid", std::to_string(::getpid())));
  }
  std::string cached() const {
    std::string all;
    for (const auto& key : cache_) all += key + " ";
    return all;
  }

  std::string worker_, generation_;
  std::uint64_t count_ = 0;
  std::set<std::string> cache_;
};

}  // namespace

HUPD_APP(Keeper)
