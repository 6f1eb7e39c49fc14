#include "master/upgrade.hpp"

#include "image/codec.hpp"
#include "log/logger.hpp"
#include "master/takeover.hpp"
#include "os/memory.hpp"
#include "os/pipe.hpp"
#include "os/program.hpp"

namespace hupd::master {

namespace {

constexpr std::uint64_t time_to_check_ms = 10'000;
constexpr auto time_to_write_log = std::chrono::milliseconds(100);

std::string last_line(const std::string& text) {
  const auto end = text.find_last_not_of('\n');
  if (end == std::string::npos) return {};
  const auto before = text.find_last_of('\n', end);
  return text.substr(before == std::string::npos ? 0 : before + 1, end - before);
}

}  // namespace

Upgrade::Upgrade(uv_loop_t* loop, Vault& vault, Program program, Trusted trusted, Capture capture,
                 OnRefused on_refused)
    : vault_(vault),
      program_(std::move(program)),
      trusted_(std::move(trusted)),
      capture_(std::move(capture)),
      on_refused_(std::move(on_refused)),
      deadline_(loop, [this] {
        check_->is_late = true;
        os::kill_group(check_->pid);  // a script has the program as its child
      }) {}

void Upgrade::request() {
  if (is_under_way()) return;
  log::write(log::Level::Info, {},
             "upgrade: asking " + program_.file + " whether it can take over");
  if (auto begun = begin(); !begun) refuse(begun.error().text);
}

// Nobody else can change what the path leads to once all on the way is examined, so it may be
// executed by its path. One that this process could not even read is examined by nobody.
os::Result<void> Upgrade::examine() const {
  const auto trust = trusted_();
  if (!trust) return tl::unexpected(trust.error());
  if (trust->everybody) return {};
  const auto file = os::open_trusted(program_.file, *trust);
  if (!file) return tl::unexpected(file.error());
  return {};
}

os::Result<void> Upgrade::begin() {
  if (auto good = examine(); !good) return good;
  auto image = capture_();
  auto state = os::memory_file_with("hupd-state", image::to_text(image));
  if (!state) return tl::unexpected(state.error());
  auto output = os::output_pipe();
  if (!output) return tl::unexpected(output.error());
  const auto file = os::file_state(program_.file);
  auto spawned = os::spawn_program(program_.file, {program_.file, check_flag},
                                   os::child_environment({}), state->get(), output->writer.get());
  if (!spawned) return tl::unexpected(spawned.error());
  check_ = std::make_unique<Check>(
      Check{spawned->pid, std::move(spawned->pidfd), std::move(output->reader), file, false});
  deadline_.start(time_to_check_ms);
  return {};
}

bool Upgrade::exited(const os::Reaped& reaped) {
  if (!check_ || check_->pid != reaped.pid) return false;
  deadline_.stop();
  const auto check = std::move(check_);
  std::string said;
  os::read_available(check->output.get(), said);
  const auto word = last_line(said);
  if (check->is_late) {
    refuse(program_.file + ": did not answer in " + std::to_string(time_to_check_ms / 1000) + " s");
  } else if (!reaped.clean) {
    refuse(program_.file + ": " + (word.empty() ? reaped.described : word));
  } else if (!word.starts_with("hupd ") || !word.ends_with(can_take_over)) {
    refuse(program_.file + ": it is no hupd that can take over; it said \"" + word + "\"");
  } else {
    checked_ = check->file;
    is_wanted_ = true;
  }
  return true;
}

void Upgrade::settle() {
  if (const auto why = std::exchange(refused_, std::nullopt)) return on_refused_(*why);
  if (!std::exchange(is_wanted_, false)) return;
  if (auto good = examine(); !good) return refuse(good.error().text), settle();
  const auto now = os::file_state(program_.file);
  if (now == checked_) return go();
  const bool is_deployed_anew = !now || !checked_ || !now->is_of_same_file(*checked_);
  if (is_deployed_anew) return request();
  refuse(program_.file + ": it changed while it was asked (a deploy still writes it?)");
  settle();
}

void Upgrade::go() {
  auto image = capture_();
  image.descriptors = vault_.numbered();
  std::vector<int> kept;
  for (const auto& one : image.descriptors) kept.push_back(one.number);
  auto state = os::memory_file_with("hupd-state", image::to_text(image));
  if (!state) return refuse(state.error().text), settle();
  kept.push_back(state->get());
  log::process().finish(time_to_write_log);
  os::set_kept_on_exec(kept, true);
  const auto error = os::become_program(program_.file, program_.arguments,
                                        {{takeover_variable, std::to_string(state->get())}});
  os::set_kept_on_exec(kept, false);
  refuse(error.text);
  settle();
}

void Upgrade::refuse(const std::string& why) {
  log::write(log::Level::Error, {}, "upgrade refused: " + why + "; this master goes on");
  refused_ = why;
}

}  // namespace hupd::master
