// What became of each reload, for control clients: the last ones of every app, and a feed of the
// steps as they are taken. News tells it what it tells the log, Progress tells the steps between.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "control/messages.hpp"
#include "core/actions.hpp"
#include "master/generation.hpp"

namespace hupd::master {

class Chronicle {
 public:
  using Reader = std::function<void(const control::Event&)>;
  void set_reader(Reader reader) { reader_ = std::move(reader); }

  image::Chronicle image() const { return {reloads_, since_, last_number_, refused_}; }
  void resume(const image::Chronicle& image);

  // `apps` empty: all.
  void requested(const std::vector<std::string>& apps);
  void refused(const std::vector<std::string>& apps, const std::string& reason);
  void held_back(const std::string& app, const std::string& why);
  void started(const std::string& app, core::GenerationId id, bool is_start,
               core::GenerationId source = 0, bool by_itself = false);
  void copied(const Generation& generation);
  void loaded(const Generation& generation);
  void worker_ready(const std::string& app, core::GenerationId id, std::size_t count,
                    std::size_t of);
  void canary_serves(const std::string& app, const core::CanaryServes& canary,
                     const std::string& text);
  void switched(const std::string& app, core::GenerationId id);
  void drained(const std::string& app, core::GenerationId id, std::size_t count, std::size_t of);
  void done(const Generation& generation);
  // `id` 0: it did not come to a generation.
  void rejected(const std::string& app, core::GenerationId id, const std::string& reason,
                const std::vector<std::string>& output);
  // It was what serves already.
  void unchanged(const std::string& app, core::GenerationId id);
  void probation_began(const std::string& app, core::GenerationId id, const std::string& text);
  void probation_passed(const std::string& app, core::GenerationId id);
  void probation_failed(const std::string& app, core::GenerationId id, const std::string& reason);
  // What failed its probation serves on: `last` was rejected, and nothing more is under way.
  void way_back_closed(const std::string& app, core::GenerationId last);
  // What is known of a generation, before it is told how it ended.
  void know(const Generation& generation);
  void gone(const std::string& app);

  const std::deque<control::Reload>& reloads() const { return reloads_; }  // oldest first
  const control::Reload* find(const std::string& app, core::GenerationId id) const;
  // The youngest that concerns the app. Null: there is none.
  const control::Reload* last(const std::string& app) const;
  // The same of those that have ended.
  const control::Reload* last_ended(const std::string& app) const;
  std::uint64_t refused() const { return refused_; }  // calls of refused()
  // How long ago a known one was started, in milliseconds.
  std::uint64_t age(const control::Reload& reload) const;

 private:
  using Time = std::chrono::milliseconds;
  // How another generation ended, for the one on probation.
  enum class Way {
    Forward,  // a newer version has come
    Back,     // the one before has come back
    Closed    // it could not, and will not be tried again
  };
  void settle_probation(const std::string& app, core::GenerationId other, Way way);
  control::Reload& add(const std::string& app, core::GenerationId id);
  // `app` empty: of any. `must`: if need be one that somebody may wait for.
  void drop_oldest(const std::string& app, bool must);
  bool is_last_done(const control::Reload& reload) const;
  control::Reload* known(const std::string& app, core::GenerationId id);
  void tell(control::Event event) const;

  std::deque<control::Reload> reloads_;
  std::map<std::uint64_t, Time> since_;  // by number: when it was started
  std::uint64_t last_number_ = 0;
  std::uint64_t refused_ = 0;
  Reader reader_;
};

}  // namespace hupd::master
