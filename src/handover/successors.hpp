// The workers that take over, as one that retires sees them.
#pragma once

#include <span>

#include "handover/parcel.hpp"

namespace hupd::handover {

// A connection that is to go. The descriptor stays the caller's.
struct Outgoing {
  Parcel parcel;
  int fd = -1;
};

enum class Given {
  Taken,     // theirs from now on: close the descriptors, and nothing more (no shutdown)
  Full,      // not now; they will be asked again when there is room
  Refused,   // never like this: a batch perhaps one by one, a single parcel is too large
  NobodyIs,  // there is nobody to take anything any more
};

class Successors {
 public:
  // One, or a batch of light ones, most_in_batch at the most: all of it is Taken, or nothing has
  // happened.
  virtual Given give(std::span<const Outgoing> batch) = 0;
  // False: the next give() would be Full. Saves making a parcel in vain.
  virtual bool have_room() const = 0;

 protected:
  ~Successors() = default;
};

}  // namespace hupd::handover
