#include "worker/probing.hpp"

#include <utility>

#include "config/units.hpp"
#include "worker/host.hpp"

namespace hupd::worker {

Probing::Probing(uv_loop_t* loop, const Application& application, hupd_worker& worker,
                 const config::App& settings, OnAnswer on_answer)
    : loop_(loop),
      application_(application),
      worker_(worker),
      settings_(settings.probe),
      on_answer_(std::move(on_answer)),
      timeout_(loop, [this] { time_is_up(); }) {
  if (!settings_.path.empty() && application.table().http != nullptr) {
    path_.emplace(loop, application, worker, settings);
  }
}

bool Probing::has_questions() const { return application_.table().probe != nullptr || path_; }

void Probing::ask() {
  const std::uint64_t number = ++number_;
  uv_update_time(loop_);  // what came before, such as start(), may have taken long
  timeout_.start(static_cast<std::uint64_t>(settings_.timeout.count()));
  const auto probe = application_.table().probe;
  if (probe == nullptr) return ask_path();
  asked_ = Asked::Callback;
  const int result = probe(application_.instance(), &worker_, number);
  if (result == HUPD_WELL) return done(number, std::nullopt);
  if (result != HUPD_LATER) return done(number, take_failure());
}

// May be called within `probe`, which then says that it will be.
void Probing::done(std::uint64_t number, const Fault& fault) {
  if (asked_ != Asked::Callback || number != number_) return;
  if (fault) return answer("probe failed: " + *fault);
  if (path_) return ask_path();
  answer(std::nullopt);
}

void Probing::ask_path() {
  asked_ = Asked::Path;
  path_->ask([this](const auto& fault) {
    answer(fault ? Fault("probe GET " + settings_.path + ": " + *fault) : std::nullopt);
  });
}

void Probing::time_is_up() {
  const std::string what = asked_ == Asked::Path ? "probe GET " + settings_.path : "probe";
  if (path_) path_->stop();
  answer(what + ": no answer within " + config::format_duration(settings_.timeout) +
         " (probe.timeout)");
}

void Probing::answer(const Fault& fault) {
  asked_ = Asked::Nothing;
  timeout_.stop();
  on_answer_(fault);
}

void Probing::stop() {
  asked_ = Asked::Nothing;
  timeout_.stop();
  if (path_) path_->stop();
}

}  // namespace hupd::worker
