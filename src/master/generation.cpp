#include "master/generation.hpp"

#include <algorithm>

namespace hupd::master {

ForkOrder::ForkOrder(Vault& vault, image::Key key, core::WorkerId of, std::uint32_t in,
                     os::Fd channel_end, os::Fd output_end)
    : worker(of),
      slot(in),
      channel(std::move(channel_end)),
      output(std::move(output_end)),
      vault_(&vault),
      key_(key) {
  vault.keep("worker-channel", key_, channel.get());
  vault.keep("worker-output", key_, output.get());
}

ForkOrder::~ForkOrder() {
  if (!channel) return;  // moved from
  vault_->drop("worker-channel", key_);
  vault_->drop("worker-output", key_);
}

std::string Generation::in_terms_of_deployed(std::string text) const {
  if (copy.empty()) return text;
  for (auto at = text.find(copy); at != std::string::npos; at = text.find(copy, at)) {
    text.replace(at, copy.size(), app.library);
    at += app.library.size();
  }
  return text;
}

bool Generation::may_be_copied_to(const std::string& path) const {
  return copy.empty() && directory && path.starts_with(directory->path() + "/") &&
         path.find("/../") == std::string::npos;
}

void Generation::release_listeners() {
  const auto released = [](const auto& worker) { return worker.second.released; };
  if (std::all_of(workers.begin(), workers.end(), released)) listeners.clear();
}

// What follows the first failure is mostly its consequence.
void Generation::remember_words_of(Child& child) {
  child.output().catch_up();
  const auto& lines = child.output().last_lines();
  if (last_lines.empty()) last_lines.assign(lines.begin(), lines.end());
}

}  // namespace hupd::master
