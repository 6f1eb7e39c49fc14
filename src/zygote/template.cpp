#include "zygote/template.hpp"

#include "os/files.hpp"
#include "os/privileges.hpp"
#include "os/self.hpp"
#include "zygote/private_copy.hpp"
#include "zygote/siblings.hpp"

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

tl::unexpected<wire::Failed> unfit(const os::Error& error) {
  return tl::unexpected(wire::Failed{error.text, true});
}

tl::unexpected<wire::Failed> hindered(const os::Error& error) {
  return tl::unexpected(wire::Failed{error.text, false});
}

}  // namespace

tl::expected<Template, wire::Failed> make_template(const wire::Link& master, const wire::Boot& boot,
                                                   const config::App& app) {
  Template made{boot.copy, std::nullopt};
  if (made.library.empty()) {
    // Apart from the copying, which a full disk or a deploy under way may hinder.
    const auto trust = app.check_ownership
                           ? os::Trust::of_root(app.trusted_users, app.trusted_groups)
                           : os::Trust::of_everybody();
    if (!trust) return unfit(trust.error());
    if (auto files = files_of(app.library, *trust); !files) return unfit(files.error());
    auto copy = make_private_copy(app.library, boot.directory, *trust);
    if (!copy) return hindered(copy.error());
    if (auto open = let_workers_in(app, boot.directory); !open) return hindered(open.error());
    made.library = copy->path;
    if (auto told = master.send(wire::Copied{copy->path, copy->hash}, {}, os::Wait::Yes); !told) {
      return hindered(told.error());
    }
  }
  if (!app.preload) return made;
  auto application = worker::Application::load(made.library);
  if (!application) return unfit(application.error());
  if (auto created = application->create(); !created) {
    return hindered({0, app.library + ": " + created.error().text});
  }
  if (auto single = refuse_threads(app.library); !single) return hindered(single.error());
  made.application = std::move(*application);
  return made;
}

}  // namespace hupd::zygote
