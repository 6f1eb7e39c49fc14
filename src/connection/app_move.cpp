// A connection of the connection height on its way: the state that goes along is the application's.
#include "connection/app_connection.hpp"
#include "connection/export.hpp"

using hupd::connection::Moving;

Moving hupd_connection::on_move(hupd::handover::Parcel& parcel) {
  if (context_.ops.export_state == nullptr) return Moving::Never;
  parcel.protocol = context_.protocol;
  if (chosen_timeout_) {
    parcel.idle_timeout_ms = static_cast<std::uint64_t>(chosen_timeout_->count());
  }
  hupd_export out;
  const int answer = context_.ops.export_state(context_.worker.app, this, state_, &out);
  parcel.state_version = out.version;
  parcel.state = std::move(out.bytes);
  switch (answer) {
    case HUPD_MOVE:
      return Moving::Now;
    case HUPD_NOT_NOW:
      return Moving::Later;
    default:
      return Moving::Never;
  }
}

void hupd_connection::on_moved() {
  const auto last = context_.ops.moved != nullptr ? context_.ops.moved : context_.ops.closed;
  if (last != nullptr) last(context_.worker.app, this, state_);
  delete this;
}

void hupd_connection::adopt(const hupd::handover::Parcel& parcel) {
  connection_.go_on_from(parcel);
  if (parcel.idle_timeout_ms != hupd::handover::timeout_as_configured) {
    set_idle_timeout(std::chrono::milliseconds(parcel.idle_timeout_ms));
  } else if (connection_.is_open()) {
    idle_->set(connection_.deadline());
  }
  const bool is_ours = parcel.protocol == context_.protocol;
  const hupd_state exported{parcel.state_version, {parcel.state.data(), parcel.state.size()}};
  if (is_ours && !parcel.is_cut && context_.ops.adopt != nullptr &&
      context_.ops.adopt(context_.worker.app, this, &exported, &state_) == 0) {
    if (context_.hub.draining()) connection_.drain();
    return;
  }
  refused_ = true;
  if (is_ours && context_.ops.refused != nullptr) context_.ops.refused(context_.worker.app, this);
  connection_.finish();
}

void hupd_connection::turn_away() {
  refused_ = true;
  connection_.finish();
}

namespace hupd::connection {

void fill_state(hupd_host& host) {
  host.state_append = [](hupd_export* out, std::uint32_t version, hupd_str bytes) {
    out->version = version;
    out->bytes.append(bytes.data, bytes.size);
    out->is_empty = false;
  };
}

}  // namespace hupd::connection
