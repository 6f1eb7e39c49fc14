// The workers that take over, as one that retires sees them.
#pragma once

#include "handover/parcel.hpp"

namespace hupd::handover {

enum class Given {
  Taken,     // theirs from now on: close the descriptor, and nothing more (no shutdown)
  Full,      // not now; they will be asked again when there is room
  Refused,   // this one never: it is too large
  NobodyIs,  // there is nobody to take anything any more
};

class Successors {
 public:
  // The descriptor stays the caller's. Nothing has happened unless it is Taken.
  virtual Given give(const Parcel& parcel, int fd) = 0;
  // False: the next give() would be Full. Saves making a parcel in vain.
  virtual bool have_room() const = 0;

 protected:
  ~Successors() = default;
};

}  // namespace hupd::handover
