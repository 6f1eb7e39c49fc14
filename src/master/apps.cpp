// How apps come and go.
#include "master/apps.hpp"

#include <algorithm>
#include <random>

#include "config/address.hpp"
#include "log/logger.hpp"

namespace hupd::master {

namespace {

std::vector<std::string> names_of(const std::vector<config::App>& apps) {
  std::vector<std::string> names;
  for (const auto& app : apps) names.push_back(app.name);
  return names;
}

bool lists(const config::App* app, const config::Listen& wanted) {
  return app != nullptr && std::any_of(app->listen.begin(), app->listen.end(),
                                       [&](const auto& l) { return l.text == wanted.text; });
}

}  // namespace

os::Result<void> Apps::start() {
  const auto names = names_of(shared_.settings->apps);
  shared_.news.expect(names);
  for (const auto& name : names) {
    if (auto added = add(name, Standing::First); !added) return added;
  }
  return {};
}

std::vector<control::Ticket> Apps::reload(ReloadOptions options) {
  const auto names = names_of(shared_.settings->apps);
  auto tickets = reload(names, options);
  drop_unless(names);
  return tickets;
}

std::vector<control::Ticket> Apps::reload(const std::vector<std::string>& only,
                                          ReloadOptions options) {
  shared_.news.reload_requested(only);
  std::vector<control::Ticket> tickets;
  for (const auto& name : only) {
    Held* held = find(name);
    if (held != nullptr) {
      if (held->standing == Standing::Dropped) held->standing = Standing::Added;
      held->app->settle();  // what came before may take a number, as a way back does
      tickets.push_back({name, held->app->last_generation() + 1});
      held->app->reload(options);
    } else if (const auto added = add(name, Standing::Added); !added) {
      shared_.news.reload_rejected(name, 0, added.error().text);
      tickets.push_back({name, 0});
    } else {
      tickets.push_back({name, held_.back().app->last_generation() + 1});
    }
  }
  return tickets;
}

Supervisor* Apps::find_app(const std::string& name) {
  auto* held = find(name);
  return held == nullptr ? nullptr : held->app.get();
}

os::Result<void> Apps::add(const std::string& name, Standing standing) {
  auto common = Common::create();
  if (!common) return tl::unexpected(common.error());
  auto last = last_generations_[name];
  for (const auto& held : held_) {  // one of this name may be on its way out
    if (held.app->name() == name) last = std::max(last, held.app->last_generation());
  }
  held_.push_back({standing, std::make_unique<Supervisor>(shared_, name, std::move(*common),
                                                          std::random_device{}(), last)});
  held_.back().app->post(core::StartRequested{});
  return {};
}

void Apps::drop_unless(const std::vector<std::string>& wanted) {
  for (auto& held : held_) {
    const bool is_configured = held.standing == Standing::First || held.standing == Standing::Added;
    const auto& name = held.app->name();
    if (!is_configured || std::find(wanted.begin(), wanted.end(), name) != wanted.end()) continue;
    held.standing = Standing::Dropped;
    if (const auto what = awaited_by(*held.app); !what.empty()) {
      log::write(log::Level::Info, {.app = name},
                 "no longer in the configuration: stops when " + what);
    }
  }
}

std::string Apps::awaited_by(const Supervisor& leaving) {
  const auto* own = leaving.serves();
  if (own == nullptr) return {};
  for (const auto& heir : shared_.settings->apps) {
    const auto* held = find(heir.name);
    const auto* served = held != nullptr ? held->app->serves() : nullptr;
    for (const auto& wanted : heir.listen) {
      const bool is_taken_over =
          std::any_of(own->listen.begin(), own->listen.end(),
                      [&](const auto& mine) { return !config::clash(mine, wanted).empty(); });
      if (is_taken_over && !lists(served, wanted)) {
        return "[app." + heir.name + "] serves " + wanted.text;
      }
    }
  }
  return {};
}

void Apps::let_go(Held& held) {
  log::write(log::Level::Info, {.app = held.app->name()},
             "no longer in the configuration: stopping");
  held.standing = Standing::Leaving;
  shared_.news.app_gone(held.app->name());
  held.app->post(core::StopRequested{core::StopMode::Graceful});
  held.app->settle();
}

void Apps::settle() {
  for (auto& held : held_) held.app->settle();
  for (auto& held : held_) {
    if (held.standing != Standing::Dropped || held.app->is_ending()) continue;
    if (awaited_by(*held.app).empty()) let_go(held);
  }
  erase_ended();
}

const Apps::Held* Apps::find(const std::string& name) const {
  return const_cast<Apps*>(this)->find(name);
}

Apps::Held* Apps::find(const std::string& name) {
  const auto found = std::find_if(held_.begin(), held_.end(), [&](const Held& held) {
    return held.app->name() == name && held.standing != Standing::Leaving && !held.app->is_ending();
  });
  return found == held_.end() ? nullptr : &*found;
}

// Those of the first start stay: how they ended is how the master ends.
void Apps::erase_ended() {
  for (std::size_t i = 0; i < held_.size();) {
    const auto standing = held_[i].standing;
    if (standing == Standing::First || !held_[i].app->stopped()) {
      ++i;
      continue;
    }
    const std::string name = held_[i].app->name();
    auto& last = last_generations_[name];
    last = std::max(last, held_[i].app->last_generation());
    held_.erase(held_.begin() + static_cast<std::ptrdiff_t>(i));
    if (standing != Standing::Leaving && find(name) == nullptr) shared_.news.app_gone(name);
  }
}

}  // namespace hupd::master
