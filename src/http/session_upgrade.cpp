// From HTTP to another protocol: the session passes its connection on, as it would to another
// worker, but to a handler in this one.
#include <ctime>
#include <utility>

#include "http/session.hpp"

int hupd_exchange::upgrade(const hupd_response& head) {
  using namespace hupd::http1;
  const std::span<const hupd_header> fields{head.headers, head.header_count};
  if (stage_ != Stage::Waiting || !may_upgrade_) return HUPD_GONE;
  if (head.status != 101 || !has_upgrade(fields)) {
    return complain("an upgrade takes the status 101 and an Upgrade field");
  }
  if (const std::string_view why = find_fault(fields); !why.empty()) return complain(why);
  if (!session_.prepare_upgrade()) return HUPD_GONE;
  stage_ = Stage::Ended;
  upgraded_ = true;
  append(session_.outlet().begin(), {.status = head.status,
                                     .date = session_.context().date.at(std::time(nullptr)),
                                     .fields = fields,
                                     .framing = Framing::None,
                                     .content_length = 0,
                                     .persistence = Persistence::Implied});
  const auto written = session_.outlet().commit();
  session_.response_ended();
  return written == hupd::connection::Written::Gone ? HUPD_GONE : HUPD_WRITTEN;
}

namespace hupd::http1 {

// All that can fail is done before the client is told.
bool Session::prepare_upgrade() {
  if (state_ != State::Answering || !connection_.is_open()) return false;
  if (context_.ops.upgraded == nullptr) {
    context_.log(HUPD_ERROR, "an upgrade by an application without http.upgraded");
    return false;
  }
  auto copy = connection_.copy_descriptor();
  if (!copy) {
    context_.log(HUPD_WARNING, "upgrade: " + copy.error().text);
    return false;
  }
  for_upgrade_ = std::move(*copy);
  return true;
}

// The client has been told: what it sends from now on is the other protocol's.
bool Session::go_on_upgraded(std::string_view& rest) {
  ++context_.worker.counters.requests;
  release_exchange();
  auto* next =
      new hupd_connection(context_.upgraded, connection_.pass_on(std::move(for_upgrade_), rest));
  rest = {};
  next->open(exchange_.data);       // owns itself
  next->connection().may_depart();  // a worker that retires opens no others
  return false;
}

}  // namespace hupd::http1
