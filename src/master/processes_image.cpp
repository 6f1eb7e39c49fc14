// The processes of an app as plain data, and going on with those of another master.
#include "config/load.hpp"
#include "master/processes.hpp"

namespace hupd::master {

namespace {

image::Worker image_of(const WorkerProcess& process) {
  image::Worker image;
  image.id = process.id;
  image.page = process.page;
  image.child = process.child->image();
  image.ready_unborn = process.ready_unborn;
  image.was_ready = process.was_ready;
  image.is_worn = process.is_worn;
  image.asks_to_go = process.asks_to_go;
  image.leaves_unasked = process.leaves_unasked;
  image.released = process.released;
  image.hands_over = process.hands_over;
  image.cut = process.cut;
  image.unwell = process.unwell;
  image.counted = process.tally.taken();
  image.copies_for = process.copies_for;
  image.successors = process.successors;
  image.legacies_due = process.legacies_due;
  return image;
}

WorkerProcess worker_from(const image::Worker& image) {
  WorkerProcess process;
  process.id = image.id;
  process.page = image.page;
  process.ready_unborn = image.ready_unborn;
  process.was_ready = image.was_ready;
  process.is_worn = image.is_worn;
  process.asks_to_go = image.asks_to_go;
  process.leaves_unasked = image.leaves_unasked;
  process.released = image.released;
  process.hands_over = image.hands_over;
  process.cut = image.cut;
  process.unwell = image.unwell;
  process.tally = Tally(image.counted);
  process.copies_for = image.copies_for;
  process.successors = image.successors;
  process.legacies_due = image.legacies_due;
  return process;
}

image::Generation image_of(const Generation& generation) {
  image::Generation image;
  image.id = generation.id;
  image.source = generation.source;
  image.plan = generation.app.plan;
  for (const auto& listener : generation.listeners) image.listeners.push_back(listener->key());
  image.directory = generation.directory->path();
  image.copy = generation.copy;
  image.hash = generation.hash;
  image.version = generation.version;
  image.last_lines = generation.last_lines;
  image.unfit = generation.unfit;
  image.unchanged = generation.unchanged;
  const auto& expected = generation.expected;
  image.expected = {expected.failed, expected.serving, expected.is_done_then};
  if (generation.zygote) image.zygote = generation.zygote->image();
  for (const auto& [id, process] : generation.workers) image.workers.push_back(image_of(process));
  for (const auto& order : generation.waiting) image.waiting.push_back({order.worker, order.slot});
  image.being_forked = generation.being_forked;
  image.counts = generation.counts;
  image.adoption_deaths = generation.adoption_deaths;
  return image;
}

os::Result<Generation> generation_from(const image::Generation& image,
                                       const ListenersByKey& listeners) {
  auto app = config::parse_plan(image.plan);
  if (!app) return os::refused("the plan of an app: " + app.error().front().describe());
  Generation made;
  made.id = image.id;
  made.source = image.source;
  made.app = std::move(*app);
  for (const auto key : image.listeners) {
    const auto found = listeners.find(key);
    if (found == listeners.end()) return os::refused("a listening socket is lost");
    made.listeners.push_back(found->second);
  }
  made.copy = image.copy;
  made.hash = image.hash;
  made.version = image.version;
  made.last_lines = image.last_lines;
  made.unfit = image.unfit;
  made.unchanged = image.unchanged;
  made.expected = {image.expected.failed, image.expected.serving, image.expected.is_done_then};
  made.being_forked = image.being_forked;
  made.counts = image.counts;
  made.adoption_deaths = image.adoption_deaths;
  return made;
}

}  // namespace

void Processes::put_into(image::App& image) const {
  for (const auto& [id, generation] : generations_) {
    image.generations.push_back(image_of(generation));
  }
  image.legacies = legacies_.image();
  image.counts = counts_;
  image.told_end_handover = told_end_handover_;
  image.told_queue_ends = told_queue_ends_;
}

os::Result<void> Processes::resume(const image::App& image, const ListenersByKey& listeners,
                                   const std::shared_ptr<const config::Settings>& settings,
                                   Descriptors& from) {
  std::map<std::string, std::shared_ptr<const CopyDirectory>> directories;
  for (const auto& one : image.generations) {
    auto made = generation_from(one, listeners);
    if (!made) return tl::unexpected(made.error());
    made->settings = settings;
    auto& directory = directories[one.directory];
    if (!directory) directory = std::make_shared<const CopyDirectory>(one.directory);
    made->directory = directory;
    auto& generation = add(std::move(*made));
    if (one.zygote) {
      generation.zygote = std::make_unique<Child>(loop_, vault_, *one.zygote, from,
                                                  hears_zygote(generation), [] {});
    }
    for (const auto& worker : one.workers) {
      auto& process = generation.workers[worker.id] = worker_from(worker);
      process.child = std::make_unique<Child>(loop_, vault_, worker.child, from,
                                              hears_worker(generation, worker.id),
                                              hears_end_of_worker(generation, worker.id));
      if (worker.child.is_adopted) {
        process.child->watch_exit(loop_, hears_exit_of_adopted(worker.id));
      }
    }
    for (const auto& order : one.waiting) {
      const auto key = generation.workers.at(order.worker).child->key();
      generation.waiting.emplace_back(vault_, key, order.worker, order.slot,
                                      from.take("worker-channel", key),
                                      from.take("worker-output", key));
    }
  }
  legacies_.resume(image.legacies, from);
  counts_ = image.counts;
  told_end_handover_ = image.told_end_handover;
  told_queue_ends_ = image.told_queue_ends;
  return {};
}

}  // namespace hupd::master
