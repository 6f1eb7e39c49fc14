#include "os/spare.hpp"

#include <sys/eventfd.h>

namespace hupd::os {

void Spare::take_back() {
  if (!held_) held_ = Fd(::eventfd(0, EFD_CLOEXEC));
}

}  // namespace hupd::os
