// What can go wrong for a client, by name. Every request ends as an answer or as exactly one of
// these.
//
// The class follows from how the connection ended and from the moment at which it did:
//
//   moment                                   end of file              reset
//   connecting                               -                        ConnectReset
//   request sent, first on its connection    ClosedWithoutResponse    ResetBeforeResponse
//   request sent, after an earlier answer    KeepAliveRace            KeepAliveRace
//   response begun                           ResponseCut              ResetWithinResponse
//   response complete, waiting for the end   (as it should be)        ResetAfterResponse
//   idle                                     (counted, no failure)    ResetWhileIdle
//
// The keep-alive race looks like either, depending on whether the server's FIN or its answer to our
// late request came first, so both have the one name. ResetAfterResponse harmed nobody this time,
// but the same reset a moment earlier destroys the response in flight.
#pragma once

#include <cstddef>
#include <string_view>

namespace hupd::torture {

enum class Failure {
  ConnectRefused,
  ConnectReset,
  ConnectTimeout,
  ClosedWithoutResponse,
  ResetBeforeResponse,
  KeepAliveRace,
  ResponseCut,
  ResetWithinResponse,
  ResetAfterResponse,
  ResetWhileIdle,
  Malformed,
  WrongStatus,
  WrongBody,
  TimedOut,
  ClientTrouble,  // not the server's fault, yet the run proves nothing: no descriptors, no ports
};
inline constexpr std::size_t failure_kinds = 15;
static_assert(static_cast<std::size_t>(Failure::ClientTrouble) + 1 == failure_kinds);

std::string_view name_of(Failure failure);  // "connect_refused"

enum class Moment { Connecting, FirstRequest, LaterRequest, Responding, Answered, Idle };

// What errno says of how a connection ended; end of file is EndOfFile.
enum class End { EndOfFile, Reset, Refused, TimedOut, Local };
End end_from(int error);

// REQUIRES: a pair that is a failure, that is, not end of file when idle or answered.
Failure classify(Moment moment, End end);

}  // namespace hupd::torture
