// What master, zygotes and workers say to each other. Plain data; `wire/codec.hpp` makes bytes of
// it and `wire/link.hpp` sends it. Descriptors that travel along are listed in the order they come.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace hupd::wire {

// ---- master to zygote ----

// The first message. Descriptors: the plan, a memfd with the app's table (config::parse_plan).
struct Boot {
  std::uint64_t generation = 0;
  std::string directory;  // of this generation's private copy; exists, mode 0700
  std::string copy;       // the copy itself, when an earlier zygote of this generation made it
};
// Fork a worker. Descriptors: its channel, the writing end of its output pipe.
struct Fork {
  std::uint64_t worker = 0;
  std::uint32_t slot = 0;
};
struct Leave {};
struct TakenUp {  // it is a younger generation's from now on
  std::uint64_t generation = 0;
};

// ---- zygote to master ----

struct Copied {
  std::string path;  // of the copy
  std::string hash;  // SHA-256, or that of the list of hashes when siblings came along
};
struct Loaded {         // able to fork
  std::string version;  // the application's own; may be empty
};
// Sent by the intermediate process. Descriptors: a pidfd.
struct Forked {
  std::uint64_t worker = 0;
  std::int32_t pid = 0;
};
struct ForkFailed {
  std::uint64_t worker = 0;
  std::string reason;
};

// ---- master to worker ----

// The first message; it waits in the channel before the worker is born. Descriptors: the
// scoreboard for reading, the scoreboard for writing, the reading and the writing end of the
// hand-over queue, the master's pidfd.
struct Start {
  std::uint64_t generation = 0;
  std::uint32_t slot = 0;
  std::uint32_t page = 0;       // of the scoreboard: this worker's own
  std::uint32_t listeners = 0;  // in all the Listeners messages that follow at once
  bool refuse = false;          // to go on with connections that are handed over: it is deadly
  std::uint64_t orphan_ms = 0;  // to serve on without a master
};
// Descriptors: a listening socket an address.
struct Listeners {
  std::vector<std::string> addresses;
};
struct Accept {};
// Before Drain: listeners that nobody serves from then on. Their queues are to be emptied.
struct Removed {
  std::vector<std::string> addresses;
};
struct Drain {
  bool hand_over = false;  // others serve: living connections go to them
  bool is_last = false;    // the app ends: stay until QueueEnds has come and the queue is empty
  std::uint64_t successors = 0;  // the generation of those to whom something may be left; 0: nobody
};
// The app ends: hand nothing over from now on, and be one of the last. To those that hand over, be
// it for balance.
struct EndHandover {};
// Nobody writes to the hand-over queue any more: what is in it is all there will be.
struct QueueEnds {};
struct Stopping {};  // the service ends: when draining, do not wait for connections at rest
struct Quit {};
// To a worker that serves: what is this generation, which boots, to know? Answered by Left.
struct Bequeath {
  std::uint64_t successors = 0;
};
// What another worker left, one at a time: answered by Took. Descriptors: the content, sealed.
struct Inherit {
  std::uint64_t from_generation = 0;
  std::uint32_t from_slot = 0;
  std::uint32_t version = 0;  // the application's own
  bool heir = false;          // it counts for this worker alone
};
struct InheritEnd {};  // answers Awaits: that was all
// Another master leads from now on; the one before has died. Descriptors: its pidfd.
struct Adopted {};

// ---- worker to master ----

struct Ready {};
struct Awaits {};  // after its start: it takes what was left before it is ready
struct Took {};    // answers Inherit, taken or not
// Answers Bequeath, and follows Drain. Descriptors: the content, sealed; none: nothing is left.
struct Left {
  bool is_copy = false;       // the answer to Bequeath: the worker serves on
  bool is_some = false;       // a descriptor comes along
  std::uint32_t version = 0;  // the application's own
};
struct AsksToGo {};  // while it accepts: somebody sent it SIGTERM
struct Worn {        // while it accepts, once: it has reached a limit of [recycle]
  std::string limit;
};
struct Unwell {  // while it accepts: it serves, but not well. Until it says Well
  std::string reason;
};
struct Well {};
struct Released {};       // draining, it accepts no more and has emptied what it was told to
struct HandoverEnded {};  // answers EndHandover
struct Leaving {          // its last word
  std::uint64_t cut = 0;  // connections closed with something in hand
};

// ---- zygote or worker to master ----

struct Failed {  // its last word: what was attempted, on what, and why
  std::string reason;
  bool unfit = false;  // the library cannot be loaded or has no table that fits; no matter when
};

using Message =
    std::variant<Boot, Fork, Leave, TakenUp, Copied, Loaded, Forked, ForkFailed, Start, Listeners,
                 Accept, Removed, Drain, EndHandover, QueueEnds, Stopping, Quit, Bequeath, Inherit,
                 InheritEnd, Ready, Awaits, Took, Left, AsksToGo, Worn, Unwell, Well, Released,
                 HandoverEnded, Leaving, Failed, Adopted>;

}  // namespace hupd::wire
