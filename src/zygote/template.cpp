#include "zygote/template.hpp"

#include "os/files.hpp"
#include "os/privileges.hpp"
#include "os/self.hpp"
#include "zygote/private_copy.hpp"

namespace hupd::zygote {

namespace {

// For what a worker without root's rights loads later from beside its library.
os::Result<void> let_workers_in(const config::App& app, const std::string& directory) {
  const auto identity = os::find_identity(app.user, app.group, app.groups);
  if (!identity) return tl::unexpected(identity.error());
  if (!identity->gid) return {};
  return os::let_group_in(directory, *identity->gid);
}

// fork() takes along only the thread that calls it: locks that the others hold stay locked for
// ever in the child. So a library that starts threads while it loads cannot be preloaded.
os::Result<void> refuse_threads(const std::string& library) {
  const auto threads = os::count_threads();
  if (!threads) return tl::unexpected(threads.error());
  if (*threads == 1) return {};
  return os::refused(library + ": started " + std::to_string(*threads - 1) +
                     " thread(s) while loading, and threads do not survive the fork of a worker: "
                     "start them in start(), or set preload = false");
}

}  // namespace

os::Result<Template> make_template(const wire::Link& master, const wire::Boot& boot,
                                   const config::App& app) {
  Template made{boot.copy, std::nullopt};
  if (made.library.empty()) {
    auto copy = make_private_copy(app.library, boot.directory);
    if (!copy) return tl::unexpected(copy.error());
    if (auto open = let_workers_in(app, boot.directory); !open) return tl::unexpected(open.error());
    made.library = copy->path;
    if (auto told = master.send(wire::Copied{copy->path, copy->hash}, {}, os::Wait::Yes); !told) {
      return tl::unexpected(told.error());
    }
  }
  if (!app.preload) return made;
  auto application = worker::Application::load(made.library);
  if (!application) return tl::unexpected(application.error());
  if (auto created = application->create(); !created) {
    return os::refused(app.library + ": " + created.error().text);
  }
  if (auto single = refuse_threads(app.library); !single) return tl::unexpected(single.error());
  made.application = std::move(*application);
  return made;
}

}  // namespace hupd::zygote
