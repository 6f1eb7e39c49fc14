#include "worker/application.hpp"

#include <algorithm>
#include <cstring>

#include "connection/table.hpp"
#include "os/files.hpp"
#include "worker/host.hpp"

namespace hupd::worker {

namespace {

// What the first version of the ABI has: no table may be shorter.
constexpr std::size_t shortest_table = offsetof(hupd_app, http) + sizeof(hupd_app::http);

std::string height_fault(const hupd_app& table) {
  const int heights = (table.listener != nullptr ? 1 : 0) + (table.connection != nullptr ? 1 : 0) +
                      (table.http != nullptr ? 1 : 0);
  if (heights != 1) return "exactly one of listener, connection and http must be set";
  if (table.listener != nullptr &&
      (table.listener->listen == nullptr || table.listener->drain == nullptr)) {
    return "listener.listen and listener.drain are required";
  }
  if (table.connection != nullptr && table.connection->data == nullptr) {
    return "connection.data is required";
  }
  if (table.http == nullptr) return {};
  if (table.http->request == nullptr) return "http.request is required";
  const hupd_connection_ops* upgraded = connection::complete(table.http).upgraded;
  if (upgraded != nullptr && upgraded->data == nullptr) return "http.upgraded.data is required";
  return {};
}

}  // namespace

os::Result<Application> Application::load(const std::string& path) {
  // Whoever deletes it finds the deployed file in its place: to be told from that in words.
  if (!os::is_file(path)) return os::refused("load " + path + ": its private copy is gone");
  const auto library = os::DynamicLibrary::load(path);
  if (!library) return tl::unexpected(library.error());
  const void* symbol = library->find(HUPD_APPLICATION_SYMBOL);
  if (symbol == nullptr) {
    return os::refused(path + ": no entry point: it does not export " HUPD_APPLICATION_SYMBOL
                              " (HUPD_APP(YourService) makes it)");
  }
  const auto* exported = static_cast<const hupd_app*>(symbol);
  if (exported->abi_version != HUPD_ABI_VERSION) {
    return os::refused(path + ": built for ABI version " + std::to_string(exported->abi_version) +
                       ", this hupd has " + std::to_string(HUPD_ABI_VERSION) +
                       ": build it again with this hupd's headers");
  }
  if (exported->size < shortest_table) {
    return os::refused(path + ": its table is " + std::to_string(exported->size) +
                       " bytes, too short for ABI version " + std::to_string(HUPD_ABI_VERSION));
  }
  hupd_app table{};
  std::memcpy(&table, exported, std::min<std::size_t>(exported->size, sizeof table));
  if (const auto fault = height_fault(table); !fault.empty()) {
    return os::refused(path + ": " + fault);
  }
  return Application(path, table);
}

os::Result<void> Application::create() {
  if (table_.create == nullptr) return {};
  const int result = table_.create(&host_table(), &instance_);
  if (result == 0) return {};
  return os::refused("create failed with " + std::to_string(result) + ": " + take_failure());
}

os::Result<hupd_start_result> Application::start(hupd_worker& worker) {
  if (table_.start == nullptr) return HUPD_READY;
  const int result = table_.start(instance_, &worker);
  if (result == HUPD_READY || result == HUPD_PENDING) return static_cast<hupd_start_result>(result);
  return os::refused("start failed with " + std::to_string(result) + ": " + take_failure());
}

void Application::stop() {
  if (table_.stop != nullptr) table_.stop(instance_);
}

}  // namespace hupd::worker
