// Whether this worker is well: one probe at a time, from its questions to one answer.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include <uv.h>

#include "config/settings.hpp"
#include "loop/handle.hpp"
#include "worker/application.hpp"
#include "worker/handle.hpp"
#include "worker/http_probe.hpp"

namespace hupd::worker {

class Probing {
 public:
  // Nothing: it is well. Else why not, in words for the log: "probe failed: no database".
  using Fault = std::optional<std::string>;
  using OnAnswer = std::function<void(const Fault& fault)>;

  // All of it outlives this.
  Probing(uv_loop_t* loop, const Application& application, hupd_worker& worker,
          const config::App& settings, OnAnswer on_answer);

  bool has_questions() const;
  // Answered once, perhaps before this returns: at the latest when the time is up. The callback
  // comes first; both have to be well.
  void ask();
  void stop();  // there is no answer any more; see HttpProbe
  // The application's, after HUPD_LATER.
  void done(std::uint64_t number, const Fault& fault);

 private:
  enum class Asked { Nothing, Callback, Path };

  void ask_path();
  void answer(const Fault& fault);
  void time_is_up();

  uv_loop_t* loop_;
  const Application& application_;
  hupd_worker& worker_;
  const config::Probe& settings_;
  OnAnswer on_answer_;
  std::uint64_t number_ = 0;  // of the last probe
  Asked asked_ = Asked::Nothing;
  std::optional<HttpProbe> path_;  // when there is one to ask
  loop::Timer timeout_;
};

}  // namespace hupd::worker
