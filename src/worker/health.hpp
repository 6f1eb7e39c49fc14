// What the master is told of this worker's health: when it changes, while it serves.
#pragma once

#include <functional>
#include <utility>

#include "wire/messages.hpp"
#include "worker/probing.hpp"

namespace hupd::worker {

// Well is who is so by the last probe and by the application's own word.
class Health {
 public:
  using Tell = std::function<void(const wire::Message& message)>;
  explicit Health(Tell tell) : tell_(std::move(tell)) {}

  void serves();  // from now on the master is told, also of what is so already
  void repeat();  // whom it was told may have died with it
  void probed(const Probing::Fault& fault);
  void reported(const Probing::Fault& fault);  // by the application, of itself

 private:
  void look();

  Tell tell_;
  Probing::Fault probe_;
  Probing::Fault report_;
  bool serves_ = false;
  bool told_unwell_ = false;
};

}  // namespace hupd::worker
