// The image of a master in memory that outlives it, for one that comes after its death.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "master/vault.hpp"

namespace hupd::master {

// Two memory files, written in turns: a master that dies while it writes leaves the other one
// whole. Each has "NUMBER LENGTH\n", the text, and the number once more.
class Checkpoint {
 public:
  // New files, or those of the master before this one: never is there a moment at which neither is
  // kept with a whole text in it.
  static os::Result<Checkpoint> open(Vault& vault, Descriptors* from);
  Checkpoint(Checkpoint&& other) noexcept;
  Checkpoint& operator=(Checkpoint&&) = delete;
  ~Checkpoint();  // an orderly end: there is none any more, whoever still has the files

  // Nothing happens when it is what was written last.
  os::Result<void> write(const std::string& text);

  // The newest that is whole; nothing: there is none. The files stay where they are.
  static std::optional<std::string> newest(Descriptors& from);

 private:
  explicit Checkpoint(Vault& vault) : vault_(&vault) {}

  Vault* vault_;
  std::array<os::Fd, 2> files_;
  std::array<bool, 2> is_kept_{};  // a new one is from its first text on
  std::uint64_t number_ = 0;
  std::string last_;
};

}  // namespace hupd::master
