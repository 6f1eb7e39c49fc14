// One generation at the edge: its configuration, its copy, its processes.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/settings.hpp"
#include "core/types.hpp"
#include "master/child.hpp"
#include "master/copy_directory.hpp"
#include "master/expectation.hpp"
#include "master/listeners.hpp"
#include "master/tally.hpp"

namespace hupd::master {

struct WorkerProcess {
  core::WorkerId id = 0;
  std::uint32_t page = 0;  // of the scoreboard
  std::unique_ptr<Child> child;
  bool ready_unborn = false;          // it was ready before it was announced
  bool has_left = false;              // by its own word: its end is near
  bool was_ready = false;             // it said so
  bool is_worn = false;               // it said so
  bool asks_to_go = false;            // it said so
  bool leaves_unasked = false;        // it did once, and was told of
  bool released = false;              // it has no more use for the listeners
  bool hands_over = false;            // it may write to the hand-over queue
  std::uint64_t cut = 0;              // connections it had to cut, by its own word
  std::optional<std::string> unwell;  // why, by its own word
  Tally tally;                        // of its page, see Processes::count

  // What it may leave, see Legacies.
  core::GenerationId copies_for = 0;  // it was asked to, and has not answered; 0: it was not
  core::GenerationId successors = 0;  // when it drained
  std::uint32_t legacies_due = 0;     // at most: at the drain's beginning, and the rest at its end
};

// A worker that its zygote has yet to be asked for.
struct ForkOrder {
  // `key`: that of the worker's child. `vault` outlives it.
  ForkOrder(Vault& vault, image::Key key, core::WorkerId worker, std::uint32_t slot, os::Fd channel,
            os::Fd output);
  ForkOrder(ForkOrder&&) noexcept = default;
  ~ForkOrder();

  core::WorkerId worker;
  std::uint32_t slot;
  os::Fd channel;  // the worker's ends
  os::Fd output;

 private:
  Vault* vault_;
  image::Key key_;
};

struct Generation {
  core::GenerationId id = 0;
  core::GenerationId source = 0;  // whose version it takes up; 0: it is a deploy of its own
  config::App app;
  std::shared_ptr<const config::Settings> settings;  // that `app` is of
  ListenerSet listeners;
  std::shared_ptr<const CopyDirectory> directory;
  std::string copy;  // the library in it; empty until the zygote has told
  std::string hash;
  std::string version;                  // the application's own
  std::vector<std::string> last_lines;  // of the output of its process that failed first
  bool unfit = false;                   // its library is, by the word of a process that failed
  Expectation expected;                 // of the copy
  bool unchanged = false;               // there is nothing to deploy
  std::unique_ptr<Child> zygote;
  std::map<core::WorkerId, WorkerProcess> workers;
  std::deque<ForkOrder> waiting;  // in order; beyond what the zygote is given at a time
  std::size_t being_forked = 0;
  control::Counts counts;             // of all workers that it has had
  std::uint32_t adoption_deaths = 0;  // of workers, see core::rules::is_adoption_deadly

  // Lets go of the listeners as soon as no worker has use for them. Until then a reload that names
  // them again takes them back: the workers' copies keep their addresses in use.
  void release_listeners();

  // By its zygote, once: into its own directory.
  bool may_be_copied_to(const std::string& path) const;

  // The private copy is named in no message to people: they know the file that they deployed.
  std::string in_terms_of_deployed(std::string text) const;
  // For the reason of a rejection.
  void remember_words_of(Child& child);
};

}  // namespace hupd::master
