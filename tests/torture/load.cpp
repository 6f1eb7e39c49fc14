#include "load.hpp"

#include <utility>

namespace hupd::torture {
namespace {

std::string head_of(const Question& question) {
  std::string head = question.method + " " + question.target + " HTTP/1.1\r\nHost: localhost\r\n";
  if (question.body > 0) head += "Content-Length: " + std::to_string(question.body) + "\r\n";
  if (question.close) head += "Connection: close\r\n";
  return head + "\r\n";
}

}  // namespace

Load::Load(Run& run, std::string name, Question question)
    : run_(run), question_(std::move(question)), head_(head_of(question_)) {
  statistics_.load = std::move(name);
}

Connection& Load::connect(std::size_t slot, const Address* source) {
  auto made = std::make_unique<Connection>(run_.loop, target(slot), run_.timeouts, *this, slot);
  Connection& connection = *made;
  connections_.emplace(&connection, std::move(made));
  ++statistics_.connections;
  connection.open(source);
  return connection;
}

Request Load::ask(Time intended) {
  ++statistics_.requests;
  ++outstanding_;
  Request request{.intended = intended, .head = head_, .asks_close = question_.close};
  if (question_.body > 0) {
    request.body = question_.body;
    request.piece = (question_.body + question_.pieces - 1) / question_.pieces;
    request.gap = question_.body_time / question_.pieces;
  }
  return request;
}

void Load::answered(Connection& from, const Request& request, const Response& response) {
  --outstanding_;
  if (response.close && !request.asks_close) ++statistics_.polite_closes;
  judge(request, response);
  std::string_view generation;
  if (run_.generation_body) generation = response.body;
  if (!run_.generation_header.empty()) generation = response.header(run_.generation_header);
  if (generation.empty()) return;
  from.note_generation(generation);
  run_.generations.answered(generation, now());
}

void Load::judge(const Request& request, const Response& response) {
  if (response.status != question_.status) {
    const auto status = "status " + std::to_string(response.status);
    return statistics_.fail(Failure::WrongStatus, now() - run_.started, status);
  }
  if (!question_.expect.empty() && response.body != question_.expect) {
    const auto body = "body \"" + response.body.substr(0, 80) + "\"";
    return statistics_.fail(Failure::WrongBody, now() - run_.started, body);
  }
  ++statistics_.answered;
  statistics_.latency.add(micros(now() - request.intended));
}

void Load::failed(Connection& from, Failure failure, const std::string& detail) {
  const bool asked = failure != Failure::ResetAfterResponse && failure != Failure::ResetWhileIdle;
  if (asked && outstanding_ > 0) --outstanding_;
  statistics_.fail(failure, now() - run_.started, target(from.slot()).text + ": " + detail);
  note_lost(from, name_of(failure));
}

void Load::ended(Connection& from, Ending ending, std::deque<Request>) {
  if (ending != Ending::Idle) return;
  ++statistics_.idle_closes;
  note_lost(from, "idle_close");
}

void Load::note_lost(const Connection& from, std::string_view how) {
  if (statistics_.lost.size() >= Statistics::max_lost) return;
  // Not as of this turn, which may have begun before the server's death that is seen in it.
  statistics_.lost.push_back(
      {how, target(from.slot()).text, from.own_address(), from.opened(), Clock::now()});
}

void Load::fail_unsent(std::string_view reason) {
  ++statistics_.requests;
  statistics_.fail(Failure::ClientTrouble, now() - run_.started, std::string(reason));
}

void Load::gone(Connection& from) {
  if (from.generations() > 0) ++statistics_.generations[from.generations()];
  const auto found = connections_.find(&from);
  run_.loop.retire(std::move(found->second));
  connections_.erase(found);
}

void Load::conclude() {
  for (const auto& [connection, owned] : connections_) {
    if (connection->generations() > 0) ++statistics_.generations[connection->generations()];
  }
  connections_.clear();
}

}  // namespace hupd::torture
