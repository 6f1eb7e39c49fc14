// A child as plain data, and going on with that of another master.
#include "master/child.hpp"

namespace hupd::master {

Child::Child(uv_loop_t* loop, Vault& vault, const image::Child& image, Descriptors& from,
             OnLetter on_letter, OnEnd on_end)
    : vault_(vault),
      key_(image.key),
      name_{image.app, image.generation, image.slot, image.pid},
      link_(from.take("channel", key_)),
      pidfd_(from.take("pidfd", key_)),
      on_letter_(std::move(on_letter)),
      on_end_(std::move(on_end)),
      watch_(link_ ? std::make_unique<loop::Readable>(loop, link_.fd(), [this] { catch_up(); })
                   : nullptr),
      farewell_(image.farewell),
      outlived_(loop, [this] { kill_outlived(); }),
      output_(loop, from.take("output", key_), name_) {
  output_.resume(image.partial.bytes, image.last_lines);
  keep();
  if (!watch_) await_its_end();
}

image::Child Child::image() const {
  image::Child image;
  image.key = key_;
  image.app = name_.app;
  image.generation = name_.generation;
  image.slot = name_.slot;
  image.pid = name_.pid;
  image.is_adopted = is_adopted();
  image.partial = {output_.partial()};
  image.last_lines = output_.last_lines();
  image.farewell = farewell_;
  return image;
}

void Child::adopt(uv_loop_t* loop, int self, loop::Callback on_exit) {
  exit_.reset();
  if (!is_born() || !link_ || !pidfd_ || os::has_ended(pidfd_.get())) return;
  watch_exit(loop, std::move(on_exit));
  send(wire::Adopted{}, {self});
}

void Child::watch_exit(uv_loop_t* loop, loop::Callback on_exit) {
  exit_.reset();  // a descriptor is watched once
  if (!pidfd_) return;
  exit_ = std::make_unique<loop::Readable>(loop, pidfd_.get(), [this, on_exit] {
    exit_->stop();
    on_exit();
  });
}

}  // namespace hupd::master
