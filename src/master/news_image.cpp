// What was told as plain data, and going on with that of another master.
#include "master/news.hpp"

namespace hupd::master {

image::News News::image() const {
  return {expected_, awaited_, reloading_, serving_, was_ready_, told_reloading_, stopping_};
}

void News::resume(const image::News& image) {
  expected_ = image.expected;
  awaited_ = image.awaited;
  reloading_ = image.reloading;
  serving_ = image.serving;
  was_ready_ = image.was_ready;
  told_reloading_ = image.told_reloading;
  stopping_ = image.stopping;
}

void News::revived() {
  was_ready_ = told_reloading_ = false;
  if (expected_.empty()) ready(all_serving() + "; the master was started again");
}

}  // namespace hupd::master
