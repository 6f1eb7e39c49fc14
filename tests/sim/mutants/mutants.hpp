// Faults that can be planted in the core, one at a time.
#pragma once

namespace hupd::sim {

enum class Mutant {
  None,
  TwoReloadsInFlight,
  DrainsWithoutBound,
  WaitsForTheUnkillable,
  WaitsForTheRejected,
  WaitsForThoseWithoutRoom,
  CutsThoseWithoutRoom,
  RoomPutsOffAStop,
  CanaryIgnored,
  CanaryTakesPlaces,
  CanaryBlocksReloads,
  KeepsTooMany,
  KeepsTheSame,
  KeepsWhatFailed,
  GoesBackForEver,
  ParkedZygoteGoes,
  ProbationForgivesAll,
  WayBackHasAProbation,
  GoesBackBesideAReload,
  GoesBackBeforeAReload,
  UnwellCanaryIsKept,
  SurgeIgnored,
  AcceptsBeforeAllAreReady,
  AcceptsWithoutTheSwitch,
  BatchDoesNotWait,
  RespawnsStayOnStandby,
  DrainsOneTooMany,
  RefillsAllAtOnce,
  RejectedGoBeforeTheRefill,
  RejectedReplacesItsLosses,
  LossesAreNotReplaced,
  OldZygoteIsKept,
  CrashLoopSpins,
  DelayDoesNotGrow,
  FailuresAreNeverForgiven,
  StopWaitsForBootingWorkers,
  StopWaitsForBootingZygotes,
  ReliefsWithoutBound,
  ReliefsDuringReloads,
  ReliefsAreKept,
  ZygoteIsForgottenAlive,
  WorkersAreForgottenAlive,
  Count
};

inline Mutant active_mutant = Mutant::None;

inline bool is_active(Mutant mutant) { return active_mutant == mutant; }

}  // namespace hupd::sim
