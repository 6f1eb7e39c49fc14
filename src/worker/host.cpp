#include "worker/host.hpp"

#include <algorithm>
#include <utility>

#include "connection/service.hpp"
#include "http/service.hpp"
#include "os/pipe.hpp"
#include "worker/handle.hpp"

namespace hupd::worker {

namespace {

const config::App* configured = nullptr;
std::string failure;

std::string text_of(hupd_str view) { return {view.data, view.size}; }
hupd_str view_of(const std::string& text) { return {text.data(), text.size()}; }

std::string line_of(hupd_str view) {
  std::string line = text_of(view);
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line;
}

void host_log(int level, hupd_str text) {
  log_line(static_cast<hupd_log_level>(std::clamp(level, 0, 7)), text_of(text));
}

void host_fail(hupd_str reason) { failure = line_of(reason); }

int host_setting(hupd_str path, hupd_str* value) {
  const auto found = configured->settings_text.find(text_of(path));
  if (found == configured->settings_text.end()) return -1;
  *value = view_of(found->second);
  return 0;
}

void add_worker_functions(hupd_host& host) {
  host.loop = [](hupd_worker* w) { return static_cast<uv_loop_s*>(w->loop); };
  host.generation = [](hupd_worker* w) { return w->generation; };
  host.worker_number = [](hupd_worker* w) { return w->slot; };
  host.ready = [](hupd_worker* w) { w->ready(); };
  host.start_failed = [](hupd_worker* w, hupd_str reason) { w->start_failed(text_of(reason)); };
  host.probe_done = [](hupd_worker* w, std::uint64_t number, int well, hupd_str reason) {
    w->probe_done(number, well != 0 ? std::nullopt : std::optional(line_of(reason)));
  };
  host.unwell = [](hupd_worker* w, hupd_str reason) { w->reports(line_of(reason)); };
  host.well = [](hupd_worker* w) { w->reports(std::nullopt); };
  host.drained = [](hupd_worker* w) { w->drained(); };
  host.hand_over = [](hupd_worker* w, int fd, hupd_str listener, const hupd_state* state) {
    return w->hand_over(fd, listener, *state);
  };
  host.count_connections = [](hupd_worker* w, std::int64_t change) {
    const auto bits = static_cast<std::uint64_t>(change);
    if (change > 0) {
      w->counters.opened(bits);
    } else {
      w->counters.closed += 0 - bits;  // also of INT64_MIN
    }
  };
  host.count_requests = [](hupd_worker* w, std::uint64_t served) {
    w->counters.requests += served;
  };
}

hupd_host make_table() {
  hupd_host host{};
  host.size = sizeof host;
  host.abi_version = HUPD_ABI_VERSION;
  host.log = host_log;
  host.fail = host_fail;
  host.setting = host_setting;
  host.settings_json = [] { return view_of(configured->settings_json); };
  add_worker_functions(host);
  connection::fill(host);
  http1::fill(host);
  return host;
}

}  // namespace

void set_up_host(const config::App& app) { configured = &app; }

const hupd_host& host_table() {
  static const hupd_host table = make_table();
  return table;
}

std::string take_failure() {
  const std::string reason = std::exchange(failure, {});
  return reason.empty() ? "it gave no reason" : reason;
}

void log_line(hupd_log_level level, std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');  // one write, one line
  os::write_error("<" + std::to_string(static_cast<int>(level)) + ">" + text + "\n");
}

}  // namespace hupd::worker
