#include "failure.hpp"

#include <cerrno>

namespace hupd::torture {

std::string_view name_of(Failure failure) {
  switch (failure) {
    case Failure::ConnectRefused:
      return "connect_refused";
    case Failure::ConnectReset:
      return "connect_reset";
    case Failure::ConnectTimeout:
      return "connect_timeout";
    case Failure::ClosedWithoutResponse:
      return "closed_without_response";
    case Failure::ResetBeforeResponse:
      return "reset_before_response";
    case Failure::KeepAliveRace:
      return "keep_alive_race";
    case Failure::ResponseCut:
      return "response_cut";
    case Failure::ResetWithinResponse:
      return "reset_within_response";
    case Failure::ResetAfterResponse:
      return "reset_after_response";
    case Failure::ResetWhileIdle:
      return "reset_while_idle";
    case Failure::Malformed:
      return "malformed_response";
    case Failure::WrongStatus:
      return "wrong_status";
    case Failure::WrongBody:
      return "wrong_body";
    case Failure::TimedOut:
      return "timed_out";
    case Failure::ClientTrouble:
      return "client_trouble";
  }
  return "unknown";
}

End end_from(int error) {
  switch (error) {
    case ECONNREFUSED:
    case ENOENT:  // a unix socket that is not there refuses as surely as a closed port
      return End::Refused;
    case ECONNRESET:
    case EPIPE:
    case ECONNABORTED:
      return End::Reset;
    case ETIMEDOUT:
      return End::TimedOut;
    default:
      return End::Local;
  }
}

Failure classify(Moment moment, End end) {
  const bool reset = end == End::Reset;
  if (end == End::Local) return Failure::ClientTrouble;
  if (end == End::Refused) return Failure::ConnectRefused;
  if (end == End::TimedOut) {
    return moment == Moment::Connecting ? Failure::ConnectTimeout : Failure::TimedOut;
  }
  switch (moment) {
    case Moment::Connecting:
      return Failure::ConnectReset;
    case Moment::FirstRequest:
      return reset ? Failure::ResetBeforeResponse : Failure::ClosedWithoutResponse;
    case Moment::LaterRequest:
      return Failure::KeepAliveRace;
    case Moment::Responding:
      return reset ? Failure::ResetWithinResponse : Failure::ResponseCut;
    case Moment::Answered:
      return Failure::ResetAfterResponse;
    case Moment::Idle:
      return Failure::ResetWhileIdle;
  }
  return Failure::ClientTrouble;
}

}  // namespace hupd::torture
