#include "connection/app_connection.hpp"

#include <string>

#include "connection/written.hpp"

hupd_connection::hupd_connection(hupd::connection::AppContext& context,
                                 hupd::connection::Incoming incoming)
    : context_(context),
      idle_(&context.hub.deadlines().limit(context.worker.settings.connection.idle_timeout)),
      connection_(context.hub, context.policy, *this, std::move(incoming)) {}

void hupd_connection::open(void* state) {
  state_ = state;
  if (connection_.is_open()) idle_->set(connection_.deadline());
  if (context_.ops.open == nullptr || context_.ops.open(context_.worker.app, this, &state_) == 0) {
    if (context_.hub.draining()) connection_.drain();
    return;
  }
  refused_ = true;
  connection_.abort();
}

int hupd_connection::write(std::string_view bytes) {
  const auto result = connection_.write(bytes);
  on_progress();
  return hupd::connection::result_of(result);
}

void hupd_connection::set_idle_timeout(std::chrono::milliseconds timeout) {
  chosen_timeout_ = timeout;
  idle_ = &context_.hub.deadlines().rounded_limit(timeout);
  on_progress();
}

void hupd_connection::on_progress() {
  if (connection_.is_open()) idle_->set(connection_.deadline());
}

std::size_t hupd_connection::on_data(std::string_view bytes) {
  if (bytes.empty()) return 0;
  const std::size_t used =
      context_.ops.data(context_.worker.app, this, state_, {bytes.data(), bytes.size()});
  const std::size_t unused = used < bytes.size() ? bytes.size() - used : 0;
  if (unused >= context_.policy.unread_limit && connection_.is_open() && !connection_.is_paused()) {
    const std::string line = "connection of " + connection_.peer() +
                             " closed: " + std::to_string(unused) +
                             " bytes unused, more than connection.read_buffer allows";
    context_.worker.host.log(HUPD_WARNING, {line.data(), line.size()});
    connection_.finish();
  }
  return bytes.size() - unused;
}

void hupd_connection::on_end() {
  if (context_.ops.end == nullptr) return connection_.finish();
  context_.ops.end(context_.worker.app, this, state_);
}

void hupd_connection::on_writable() {
  if (context_.ops.writable != nullptr) {
    context_.ops.writable(context_.worker.app, this, state_);
  }
}

void hupd_connection::on_drain() {
  if (context_.ops.drain == nullptr) return connection_.finish();
  context_.ops.drain(context_.worker.app, this, state_);
}

void hupd_connection::on_closed() {
  if (context_.ops.closed != nullptr && !refused_) {
    context_.ops.closed(context_.worker.app, this, state_);
  }
  delete this;
}
