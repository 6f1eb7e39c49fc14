// What is kept of the master for one that comes after its death, if anybody keeps it.
#include "image/codec.hpp"
#include "log/logger.hpp"
#include "master/running.hpp"

namespace hupd::master {

void Running::open_checkpoint(Descriptors* from) {
  auto opened = Checkpoint::open(shared_.vault, from);
  if (opened) {
    checkpoint_.emplace(std::move(*opened));
  } else {
    tell_checkpoint_fails(opened.error());
  }
}

// What cannot be kept does not hold up the service.
void Running::tell_checkpoint_fails(const os::Error& error) {
  if (std::exchange(told_checkpoint_fails_, true)) return;
  log::write(log::Level::Error, {},
             "keep the state for the next master: " + error.text +
                 "; if this one dies now, the next goes on with older workers or none");
}

void Running::make_checkpoint() {
  if (!shared_.vault.has_keeper() || shared_.news.is_stopping()) return;
  if (!checkpoint_) open_checkpoint(nullptr);
  if (!checkpoint_) return;
  auto image = this->image();
  if (auto written = checkpoint_->write(image::to_text(image)); !written) {
    tell_checkpoint_fails(written.error());
  }
  shared_.has_changed = false;
}

}  // namespace hupd::master
