#include "worker/probing.hpp"

#include <utility>

#include "config/units.hpp"
#include "worker/host.hpp"

namespace hupd::worker {

Probing::Probing(uv_loop_t* loop, const Application& application, hupd_worker& worker,
                 const config::Probe& settings, OnAnswer on_answer)
    : loop_(loop),
      application_(application),
      worker_(worker),
      settings_(settings),
      on_answer_(std::move(on_answer)),
      time_is_up_(loop, [this] {
        answer("probe: no answer within " + config::format_duration(settings_.timeout) +
               " (probe.timeout)");
      }) {}

bool Probing::has_questions() const { return application_.table().probe != nullptr; }

void Probing::ask() {
  const std::uint64_t number = ++number_;
  awaits_ = true;
  uv_update_time(loop_);  // what came before, such as start(), may have taken long
  time_is_up_.start(static_cast<std::uint64_t>(settings_.timeout.count()));
  const int result = application_.table().probe(application_.instance(), &worker_, number);
  if (result == HUPD_WELL) return done(number, std::nullopt);
  if (result != HUPD_LATER) return done(number, take_failure());
}

// May be called within `probe`, which then says that it will be.
void Probing::done(std::uint64_t number, const Fault& fault) {
  if (!awaits_ || number != number_) return;
  answer(fault ? Fault("probe failed: " + *fault) : std::nullopt);
}

void Probing::answer(const Fault& fault) {
  stop();
  on_answer_(fault);
}

void Probing::stop() {
  awaits_ = false;
  time_is_up_.stop();
}

}  // namespace hupd::worker
