#include "master/state_words.hpp"

namespace hupd::master {

std::string in_words(core::AppPhase state) {
  switch (state) {
    case core::AppPhase::New:
      return "new";
    case core::AppPhase::Running:
      return "running";
    case core::AppPhase::Stopping:
      return "stopping";
    case core::AppPhase::Stopped:
      return "stopped";
  }
  return {};
}

std::string in_words(core::GenerationState state) {
  switch (state) {
    case core::GenerationState::Preparing:
      return "preparing";
    case core::GenerationState::Booting:
      return "booting";
    case core::GenerationState::Canary:
      return "canary";
    case core::GenerationState::Switching:
      return "switching";
    case core::GenerationState::Serving:
      return "serving";
    case core::GenerationState::Receding:
      return "receding";
    case core::GenerationState::Parked:
      return "parked";
    case core::GenerationState::Retiring:
      return "retiring";
  }
  return {};
}

std::string in_words(core::ZygoteState state) {
  switch (state) {
    case core::ZygoteState::None:
      return "none";
    case core::ZygoteState::Waiting:
      return "waiting";
    case core::ZygoteState::Starting:
      return "starting";
    case core::ZygoteState::Ready:
      return "ready";
    case core::ZygoteState::Failed:
      return "failed";
    case core::ZygoteState::Leaving:
      return "leaving";
    case core::ZygoteState::Killed:
      return "killed";
  }
  return {};
}

std::string in_words(core::WorkerState state) {
  switch (state) {
    case core::WorkerState::Requested:
      return "requested";
    case core::WorkerState::Booting:
      return "booting";
    case core::WorkerState::Standby:
      return "standby";
    case core::WorkerState::Serving:
      return "serving";
    case core::WorkerState::Failed:
      return "failed";
    case core::WorkerState::Draining:
      return "draining";
    case core::WorkerState::Quitting:
      return "quitting";
    case core::WorkerState::Aborting:
      return "aborting";
    case core::WorkerState::Killed:
      return "killed";
    case core::WorkerState::Stuck:
      return "stuck";
  }
  return {};
}

}  // namespace hupd::master
