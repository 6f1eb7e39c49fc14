#include "http/outlet.hpp"

#include <array>

namespace hupd::http1 {
namespace {

constexpr std::size_t worth_copying = 16UL * 1024;  // larger bodies are sent from where they are
constexpr std::size_t held_back = 64UL * 1024;      // at the most, while corked

}  // namespace

std::string& Outlet::begin() {
  if (!corked_) start_ = buffer_.size();
  return buffer_;
}

connection::Written Outlet::commit(std::string_view body, std::string_view tail) {
  if (body.size() > worth_copying) return send(body, tail);
  buffer_ += body;
  buffer_ += tail;
  const bool hold = corked_ && buffer_.size() - start_ < held_back && connection_.is_open();
  return hold ? connection::Written::Taken : send({}, {});
}

void Outlet::cork() {
  start_ = buffer_.size();
  corked_ = true;
}

void Outlet::uncork() {
  corked_ = false;
  if (buffer_.size() > start_) send({}, {});
}

connection::Written Outlet::send(std::string_view body, std::string_view tail) {
  const std::array<std::string_view, 3> pieces{std::string_view(buffer_).substr(start_), body,
                                               tail};
  const connection::Written result =
      connection_.write(std::span(pieces).first(body.empty() ? 1 : pieces.size()));
  buffer_.resize(start_);
  return result;
}

}  // namespace hupd::http1
