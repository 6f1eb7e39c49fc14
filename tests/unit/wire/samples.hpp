// One of each message, with values that would show a field in another's place.
#pragma once

#include <vector>

#include "wire/messages.hpp"

namespace hupd::wire {

inline std::vector<Message> samples() {
  return {Boot{7, "/run/hupd/7", "/run/hupd/7/abc/libweb.so"},
          Fork{1ULL << 40, 3},
          Leave{},
          TakenUp{9},
          Copied{"/run/hupd/7/abc/libweb.so", std::string(64, 'f')},
          Loaded{"1.2.3"},
          Forked{8, -1},
          ForkFailed{9, "fork: Resource temporarily unavailable"},
          Start{10, 11, 12, 13},
          Listeners{{"0.0.0.0:80", "", "unix:/run/web.sock"}},
          Accept{},
          Removed{{"0.0.0.0:81"}},
          Drain{true, false, 14},
          EndHandover{},
          QueueEnds{},
          Stopping{},
          Quit{},
          Bequeath{15},
          Inherit{16, 17, 18, true},
          InheritEnd{},
          Ready{},
          Awaits{},
          Took{},
          Left{true, false, 19},
          AsksToGo{},
          Worn{"100000 requests served (recycle.requests)"},
          Unwell{"probe GET /healthz: 503: no database"},
          Well{},
          Released{},
          HandoverEnded{},
          Leaving{UINT64_MAX},
          Failed{std::string("with\0a NUL", 10), true},
          Adopted{}};
}

}  // namespace hupd::wire
