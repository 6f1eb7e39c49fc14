// What a zygote has loaded: the template of its workers.
#pragma once

#include <optional>
#include <string>

#include "config/settings.hpp"
#include "wire/link.hpp"
#include "worker/application.hpp"

namespace hupd::zygote {

struct Template {
  std::string library;  // the private copy
  // Nothing: each worker loads it (preload = false).
  std::optional<worker::Application> application;
};

// Copies (unless `boot` names a copy), tells the master where to, loads, checks, creates.
tl::expected<Template, wire::Failed> make_template(const wire::Link& master, const wire::Boot& boot,
                                                   const config::App& app);

}  // namespace hupd::zygote
