#include "worker/health.hpp"

namespace hupd::worker {

void Health::serves() {
  serves_ = true;
  look();
}

void Health::repeat() {
  told_unwell_ = false;
  look();
}

void Health::probed(const Probing::Fault& fault) {
  probe_ = fault;
  look();
}

void Health::reported(const Probing::Fault& fault) {
  report_ = fault;
  look();
}

void Health::look() {
  const Probing::Fault& fault = report_ ? report_ : probe_;
  if (!serves_ || fault.has_value() == told_unwell_) return;
  told_unwell_ = fault.has_value();
  if (fault) {
    tell_(wire::Unwell{*fault});
  } else {
    tell_(wire::Well{});
  }
}

}  // namespace hupd::worker
