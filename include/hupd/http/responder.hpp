// Answering: at once through an Exchange, later and in pieces through a Responder; or by going on
// in another protocol.
#ifndef HUPD_HTTP_RESPONDER_HPP
#define HUPD_HTTP_RESPONDER_HPP

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include <hupd/app.hpp>
#include <hupd/connection/protocol.hpp>
#include <hupd/http/message.hpp>

namespace hupd::http {

// A request body that is taken as it comes, without a limit of the host's. Destroyed when the
// exchange is over; ended() is not called when the client vanished before.
class Upload {
 public:
  Upload() = default;
  Upload(const Upload&) = delete;
  Upload& operator=(const Upload&) = delete;
  virtual ~Upload() = default;

  virtual void piece(std::string_view bytes) = 0;
  virtual void ended() = 0;
};

// Makes what serves a connection from its upgrade on. Null or an exception: it is closed at once.
using Upgrade = std::function<std::unique_ptr<Protocol>(Connection)>;

namespace detail {

// What outlives the callback that it was made in; the exchange and a Responder own it together.
struct Link {
  hupd_exchange* handle;       // null when the exchange is over
  bool has_responder = false;  // one that will answer
  std::unique_ptr<Upload> upload;
  std::function<void()> writable;
  std::function<void(bool)> closed;
  Upgrade upgrade;  // the client has been told
};

using SharedLink = std::shared_ptr<Link>;

inline SharedLink* find_link(hupd_exchange* handle) {
  return static_cast<SharedLink*>(hupd::detail::host->http_data(handle));
}

inline const SharedLink& link_of(hupd_exchange* handle) {
  SharedLink* link = find_link(handle);
  if (link == nullptr) {
    link = new SharedLink(std::make_shared<Link>(Link{handle, false, nullptr, {}, {}, {}}));
    hupd::detail::host->http_set_data(handle, link);
  }
  return *link;
}

// The exchange is over: nothing may reach it through the link from now on. What it left for
// on_upgraded() is all that stays.
inline void unlink(hupd_exchange* handle, bool completed) {
  const std::unique_ptr<SharedLink> owned(find_link(handle));
  hupd::detail::host->http_set_data(handle, nullptr);
  const SharedLink link = *owned;
  link->handle = nullptr;
  if (completed && link->upgrade) {
    hupd::detail::host->http_set_data(handle, new Upgrade(std::move(link->upgrade)));
  }
  const auto closed = std::exchange(link->closed, nullptr);
  link->writable = nullptr;
  link->upload.reset();
  if (closed) closed(completed);
}

// Shows the host a Response as the C interface wants it.
template <class Use>
auto with_raw(const Response& response, Use use) {
  std::array<hupd_header, 16> few;
  std::vector<hupd_header> many;
  const std::size_t most = response.headers().size() + 1;
  if (most > few.size()) many.resize(most);
  hupd_header* fields = most > few.size() ? many.data() : few.data();
  std::size_t count = 0;
  using hupd::detail::str;
  if (!response.type().empty()) fields[count++] = {str("Content-Type"), str(response.type())};
  for (const auto& [name, value] : response.headers()) fields[count++] = {str(name), str(value)};
  const hupd_response raw{sizeof(hupd_response), response.status(), fields, count,
                          str(response.body())};
  return use(raw);
}

inline Written respond(hupd_exchange* handle, const Response& response) {
  return with_raw(response, [&](const hupd_response& raw) {
    return hupd::detail::written(hupd::detail::host->http_respond(handle, &raw));
  });
}

inline Written upgrade(hupd_exchange* handle, const Response& head, Upgrade make) {
  const SharedLink& link = link_of(handle);
  if (link->upgrade || !make) return Written::Gone;  // upgraded already; or to nothing
  link->upgrade = std::move(make);
  const Written result = with_raw(head, [&](const hupd_response& raw) {
    return hupd::detail::written(hupd::detail::host->http_upgrade(handle, &raw));
  });
  if (result == Written::Gone) link->upgrade = nullptr;
  return result;
}

// The application failed: the client gets a 500, or sees its response cut when it had begun.
inline void give_up(hupd_exchange* handle, std::string_view why) {
  hupd::error(why);
  hupd::detail::host->http_abort(handle);
}

}  // namespace detail

// Answers a request some time after serve() has returned. Movable; when it is destroyed without
// having answered, the client gets a 500. Everything may be called at any time: what comes after
// the end, or after the client has gone, is Written::Gone.
class Responder {
 public:
  Responder() = default;
  explicit Responder(detail::SharedLink link) : link_(std::move(link)) {
    link_->has_responder = true;
  }
  Responder(Responder&&) noexcept = default;
  Responder& operator=(Responder&& other) noexcept {
    std::swap(link_, other.link_);  // what was here is dropped with `other`
    return *this;
  }
  ~Responder() {
    if (link_ == nullptr) return;
    link_->writable = nullptr;
    link_->closed = nullptr;
    if (is_open() && !answered_) {
      hupd::error("a request was dropped without a response");
      hupd::detail::host->http_abort(link_->handle);
    }
  }

  // The client is there and the exchange is not over.
  bool is_open() const { return link_ != nullptr && link_->handle != nullptr; }

  Written respond(const Response& response) {
    if (!is_open()) return Written::Gone;
    answered_ = true;
    return detail::respond(link_->handle, response);
  }

  // See Exchange.
  Written upgrade(const Response& head, Upgrade make) {
    if (!is_open()) return Written::Gone;
    const Written result = detail::upgrade(link_->handle, head, std::move(make));
    answered_ = answered_ || result != Written::Gone;
    return result;
  }

  // Or in pieces. The body of `head` is not sent. Without a length the client learns of the end by
  // end(); with one, exactly so many bytes have to be written.
  static constexpr std::int64_t unknown_length = -1;
  Written begin(const Response& head, std::int64_t content_length = unknown_length) {
    if (!is_open()) return Written::Gone;
    return detail::with_raw(head, [&](const hupd_response& raw) {
      return hupd::detail::written(
          hupd::detail::host->http_begin(link_->handle, &raw, content_length));
    });
  }
  // Written::Full: taken, but wait for on_writable() before writing more.
  Written write(std::string_view piece) {
    if (!is_open()) return Written::Gone;
    return hupd::detail::written(
        hupd::detail::host->http_write(link_->handle, hupd::detail::str(piece)));
  }
  Written end() {
    if (!is_open()) return Written::Gone;
    answered_ = true;
    return hupd::detail::written(hupd::detail::host->http_end(link_->handle));
  }

  // Of the request body, with an Upload: no more pieces until resume(); TCP slows the client.
  void pause() {
    if (is_open()) hupd::detail::host->http_pause(link_->handle);
  }
  void resume() {
    if (is_open()) hupd::detail::host->http_resume(link_->handle);
  }

  // `callback` is called after each Written::Full, when there is room again.
  void on_writable(std::function<void()> callback) {
    if (is_open()) link_->writable = std::move(callback);
  }
  // `callback` is called once, when the exchange is over: with true when the whole response was
  // handed to the kernel, with false when the client vanished before. Not after the Responder is
  // destroyed.
  void on_closed(std::function<void(bool completed)> callback) {
    if (is_open()) link_->closed = std::move(callback);
  }

 private:
  detail::SharedLink link_;
  bool answered_ = false;
};

// One request as serve() sees it; lives no longer than that call.
class Exchange {
 public:
  explicit Exchange(hupd_exchange* handle) : handle_(handle) {}
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  Written respond(const Response& response) {
    is_answered_ = true;
    return detail::respond(handle_, response);
  }
  // Answers with `head`, made by upgrade_to(); from then on the connection is that of what `make`
  // returns. Written::Gone: nothing was sent, and the request wants another answer, since it does
  // not ask for an upgrade, or there cannot be one now.
  Written upgrade(const Response& head, Upgrade make) {
    const Written result = detail::upgrade(handle_, head, std::move(make));
    is_answered_ = is_answered_ || result != Written::Gone;
    return result;
  }
  Responder later() { return Responder(detail::link_of(handle_)); }  // call it once
  Worker worker() const { return Worker(hupd::detail::host->http_worker(handle_)); }

  bool is_answered() const { return is_answered_; }

 private:
  hupd_exchange* handle_;
  bool is_answered_ = false;
};

}  // namespace hupd::http

#endif  // HUPD_HTTP_RESPONDER_HPP
