#include "fixture.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <thread>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/service.hpp"

namespace hupd::test {
namespace {

FakeHost* current = nullptr;
std::string_view view(hupd_str text) { return {text.data, text.size}; }

void set_non_blocking(int fd) { ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK); }

}  // namespace

std::size_t Client::send(std::string_view bytes) {
  const ssize_t sent = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  return sent > 0 ? static_cast<std::size_t>(sent) : 0;
}

void Client::shut_down() { ::shutdown(fd_.get(), SHUT_WR); }

void Client::reset() {
  const linger at_once{1, 0};
  ::setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  fd_.reset();
}

void Client::poll() {
  std::array<char, 65536> buffer;
  while (fd_ && end == End::Open) {
    const ssize_t count = ::recv(fd_.get(), buffer.data(), buffer.size(), 0);
    if (count > 0) {
      received.append(buffer.data(), static_cast<std::size_t>(count));
    } else if (count == 0) {
      end = End::Finished;
    } else if (errno == EAGAIN) {
      return;
    } else {
      end = End::Reset;
    }
  }
}

FakeHost::FakeHost() {
  current = this;
  table.size = sizeof table;
  table.abi_version = HUPD_ABI_VERSION;
  table.log = [](int, hupd_str line) { current->lines.emplace_back(view(line)); };
  table.fail = [](hupd_str reason) { current->failure = view(reason); };
  table.setting = [](hupd_str path, hupd_str* value) {
    for (const auto& [name, text] : current->settings) {
      if (name != view(path)) continue;
      *value = {text.data(), text.size()};
      return 0;
    }
    return -1;
  };
  table.settings_json = [] { return hupd_str{"{}", 2}; };
  table.loop = [](hupd_worker* worker) { return reinterpret_cast<uv_loop_s*>(worker); };
  table.generation = [](hupd_worker*) { return std::uint64_t{7}; };
  table.worker_number = [](hupd_worker*) { return std::uint32_t{3}; };
  connection::fill(table);
  http1::fill(table);
}

ServiceTest::ServiceTest() {
  std::signal(SIGPIPE, SIG_IGN);
  uv_loop_init(&loop);
  config.name = "web";
}

void ServiceTest::TearDown() {
  if (service != nullptr) {
    service->quit();
    run_until([&] { return service->open() == 0; });
    service.reset();
  }
  uv_run(&loop, UV_RUN_DEFAULT);
  EXPECT_EQ(uv_loop_close(&loop), 0);
  EXPECT_EQ(counters.accepted, counters.closed);
}

void ServiceTest::serve(const hupd_app& table, void* app) {
  const connection::Worker worker{
      &loop, table, app, reinterpret_cast<hupd_worker*>(&loop), config, host.table, counters};
  service = table.http != nullptr ? http1::make_service(worker) : connection::make_service(worker);
}

Client connect_to(connection::Service& service, std::string_view unread) {
  std::array<int, 2> ends{};
  EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()), 0);
  if (unread.empty()) {
    service.accept(os::Fd(ends[0]), os::Peer(), "unix:test");
  } else {
    handover::Parcel parcel;
    parcel.protocol = handover::Protocol::Http1;
    parcel.unread = unread;
    service.adopt(std::move(parcel), os::Fd(ends[0]));
  }
  return Client(os::Fd(ends[1]));
}

Client ServiceTest::connect_tcp() {
  const os::Fd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* raw = reinterpret_cast<sockaddr*>(&address);
  EXPECT_EQ(::bind(listener.get(), raw, size), 0);
  EXPECT_EQ(::listen(listener.get(), 1), 0);
  EXPECT_EQ(::getsockname(listener.get(), raw, &size), 0);
  os::Fd client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  EXPECT_EQ(::connect(client.get(), raw, size), 0);
  set_non_blocking(client.get());
  os::Fd accepted(::accept4(listener.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  const os::Peer peer = os::Peer::of(accepted.get());
  service->accept(std::move(accepted), peer, "127.0.0.1:0");
  return Client(std::move(client));
}

void ServiceTest::settle() {
  for (int turn = 0; turn < 8; ++turn) uv_run(&loop, UV_RUN_NOWAIT);
}

void ServiceTest::run_until(const std::function<bool()>& done, Client* client) {
  // By this process's own time: what others take of the machine is nobody's fault here.
  const std::clock_t deadline = std::clock() + 5 * CLOCKS_PER_SEC;
  while (true) {
    uv_run(&loop, UV_RUN_NOWAIT);
    if (client != nullptr) client->poll();
    if (done()) return;
    if (std::clock() > deadline) break;
    std::this_thread::yield();
  }
  FAIL() << "what was waited for did not happen within 5 s of our own";
}

void ServiceTest::run_until_closed(Client& client) {
  run_until([&] { return client.end != Client::End::Open; }, &client);
}

std::string ServiceTest::exchange(Client& client, std::string_view request) {
  client.received.clear();
  client.send(request);
  settle();
  client.poll();
  return client.received;
}

}  // namespace hupd::test
