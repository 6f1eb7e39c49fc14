#include "describe.hpp"

#include "overload.hpp"

namespace hupd::sim {
namespace {

std::string name(const char* what, std::uint64_t id) {
  return std::string(what) + "(" + std::to_string(id) + ")";
}

}  // namespace

std::string describe(const core::Event& event) {
  using namespace core;
  return std::visit(Overload{
                        [](const StartRequested&) { return std::string("start"); },
                        [](const ReloadRequested&) { return std::string("reload"); },
                        [](const Prepared& e) {
                          return name("prepared", e.generation) + " workers " +
                                 std::to_string(e.policy.workers) + " surge " +
                                 std::to_string(e.policy.surge);
                        },
                        [](const PrepareFailed& e) { return name("prepare failed", e.generation); },
                        [](const ZygoteReady& e) { return name("zygote ready", e.generation); },
                        [](const ZygoteFailed& e) { return name("zygote failed", e.generation); },
                        [](const ZygoteExited& e) { return name("zygote exited", e.generation); },
                        [](const WorkerForked& e) { return name("forked", e.worker); },
                        [](const WorkerReady& e) { return name("ready", e.worker); },
                        [](const WorkerFailed& e) { return name("failed", e.worker); },
                        [](const WorkerStalled& e) { return name("stalled", e.worker); },
                        [](const WorkerAsksToGo& e) { return name("asks to go", e.worker); },
                        [](const WorkerWorn& e) { return name("worn", e.worker); },
                        [](const WorkerUnwell& e) { return name("unwell", e.worker); },
                        [](const WorkerHasNoRoom& e) { return name("has no room", e.worker); },
                        [](const WorkerExited& e) { return name("exited", e.worker); },
                        [](const PromoteRequested&) { return std::string("promote"); },
                        [](const AbortRequested&) { return std::string("abort"); },
                        [](const RollbackRequested& e) { return name("rollback", e.to); },
                        [](const ScaleBy& e) { return "scale by " + std::to_string(e.change); },
                        [](const ScaleTo& e) { return "scale to " + std::to_string(e.workers); },
                        [](const StopRequested& e) {
                          return std::string(e.mode == StopMode::Quick ? "quick stop" : "stop");
                        },
                        [](const Tick&) { return std::string("tick"); },
                    },
                    event);
}

std::string describe(const core::Action& action) {
  using namespace core;
  return std::visit(
      Overload{
          [](const Prepare& a) { return name("Prepare", a.generation); },
          [](const StartZygote& a) { return name("StartZygote", a.generation); },
          [](const TakeUpZygote& a) {
            return name("TakeUpZygote", a.generation) + " of " + std::to_string(a.source);
          },
          [](const RetireZygote& a) { return name("RetireZygote", a.generation); },
          [](const KillZygote& a) { return name("KillZygote", a.generation); },
          [](const ForkWorker& a) {
            return name("ForkWorker", a.worker) + " of " + std::to_string(a.generation) + "/" +
                   std::to_string(a.slot);
          },
          [](const Accept& a) { return name("Accept", a.worker); },
          [](const Drain& a) { return name("Drain", a.worker); },
          [](const Quit& a) { return name("Quit", a.worker); },
          [](const Abort& a) { return name("Abort", a.worker); },
          [](const Kill& a) { return name("Kill", a.worker); },
          [](const Forget& a) { return name("Forget", a.generation); },
          [](const ReloadHeldBack& a) {
            return name("ReloadHeldBack", a.draining) + " for " + std::to_string(a.left.count());
          },
          [](const ReloadStarted& a) {
            return name("ReloadStarted", a.generation) +
                   (a.source == 0 ? "" : " back to " + std::to_string(a.source));
          },
          [](const ReloadDropped& a) {
            return name("ReloadDropped", a.generation) + " \"" + a.reason + "\"";
          },
          [](const ProbationBegan& a) { return name("ProbationBegan", a.generation); },
          [](const ProbationPassed& a) { return name("ProbationPassed", a.generation); },
          [](const ProbationFailed& a) {
            return name("ProbationFailed", a.generation) + " \"" + a.reason + "\"";
          },
          [](const CanaryServes& a) { return name("CanaryServes", a.generation); },
          [](const Switched& a) { return name("Switched", a.generation); },
          [](const ReloadDone& a) { return name("ReloadDone", a.generation); },
          [](const ReloadRejected& a) {
            return name("ReloadRejected", a.generation) + " \"" + a.reason + "\"";
          },
          [](const WorkerRelieved& a) { return name("WorkerRelieved", a.worker); },
          [](const WorkerLost& a) {
            return name("WorkerLost", a.worker) + " retry in " +
                   std::to_string(a.retry_in.count()) + (a.degraded ? " degraded" : "");
          },
          [](const DrainOverdue& a) { return name("DrainOverdue", a.worker); },
          [](const Unkillable& a) { return name("Unkillable", a.worker); },
          [](const Stopped& a) {
            return std::string(a.outcome == StopOutcome::Asked ? "Stopped"
                                                               : "Stopped: start failed");
          },
      },
      action);
}

}  // namespace hupd::sim
