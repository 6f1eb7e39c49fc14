// What workers have left as plain data, and going on with that of another master.
#include "master/legacies.hpp"

namespace hupd::master {

image::Legacies Legacies::image() const {
  auto image = estate_.image();
  for (auto& legacy : image.left) {
    const auto& content = contents_.at(legacy.id);
    legacy.key = content.key;
    legacy.version = content.version;
    legacy.from_generation = content.generation;
  }
  image.waiting = waiting_;
  image.unanswered = inquiry_.unanswered;
  image.on_behalf_of = inquiry_.on_behalf_of;
  image.until = inquiry_.until;
  return image;
}

// What has lost its content is nothing any more.
void Legacies::resume(const image::Legacies& image, Descriptors& from) {
  image::Legacies found = image;
  found.left.clear();
  for (const auto& legacy : image.left) {
    Content content{legacy.key, from.take("legacy", legacy.key), legacy.version,
                    legacy.from_generation, legacy.slot};
    if (!content.fd) continue;
    vault_.keep("legacy", content.key, content.fd.get(), Lasts::Beyond);
    contents_[legacy.id] = std::move(content);
    found.left.push_back(legacy);
  }
  estate_.resume(found);
  waiting_ = image.waiting;
  inquiry_ = {image.on_behalf_of, image.unanswered, image.until};
}

}  // namespace hupd::master
