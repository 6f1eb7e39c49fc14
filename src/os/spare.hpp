// Room for a descriptor in a process that has used up all that it may have.
#pragma once

#include "os/fd.hpp"

namespace hupd::os {

// Holds a descriptor for the sake of its number alone. The kernel drops one that is sent here and
// finds no number free (RLIMIT_NOFILE); between make_room and take_back there is one, if no other
// thread takes it.
class Spare {
 public:
  Spare() { take_back(); }
  void make_room() { held_.reset(); }
  void take_back();  // with none free, nothing: the next time, perhaps

 private:
  Fd held_;
};

}  // namespace hupd::os
