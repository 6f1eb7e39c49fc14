#include "master/checkpoint.hpp"

#include <charconv>

#include "os/memory.hpp"

namespace hupd::master {

namespace {

constexpr const char* kind = "state";

// Whoever is slow to give up the files has nothing that could be gone on with.
constexpr const char* over = "over\n";

struct Written {
  std::uint64_t number = 0;
  std::string text;
};

std::optional<Written> read(int fd) {
  const auto whole = os::read_whole(fd);
  if (!whole) return std::nullopt;
  const char* const end = whole->data() + whole->size();
  Written written;
  std::size_t length = 0;
  const auto number = std::from_chars(whole->data(), end, written.number);
  if (number.ec != std::errc() || number.ptr == end || *number.ptr != ' ') return std::nullopt;
  const auto size = std::from_chars(number.ptr + 1, end, length);
  if (size.ec != std::errc() || size.ptr == end || *size.ptr != '\n') return std::nullopt;
  const auto begin = static_cast<std::size_t>(size.ptr + 1 - whole->data());
  const auto mark = std::to_string(written.number);
  if (length > whole->size() - begin) return std::nullopt;
  if (whole->compare(begin + length, mark.size(), mark) != 0) return std::nullopt;
  written.text = whole->substr(begin, length);
  return written;
}

}  // namespace

os::Result<Checkpoint> Checkpoint::open(Vault& vault, Descriptors* from) {
  Checkpoint made(vault);
  for (std::size_t i = 0; i < made.files_.size(); ++i) {
    auto& file = made.files_[i];
    if (from != nullptr) file = from->take(kind, i);
    if (file) {
      if (const auto written = read(file.get())) {
        made.number_ = std::max(made.number_, written->number);
      }
      vault.keep(kind, i, file.get(), Lasts::Beyond);
      made.is_kept_[i] = true;
      continue;
    }
    auto fresh = os::memory_file("hupd-state", 0);
    if (!fresh) return tl::unexpected(fresh.error());
    file = std::move(*fresh);
  }
  return made;
}

Checkpoint::Checkpoint(Checkpoint&& other) noexcept
    : vault_(std::exchange(other.vault_, nullptr)),
      files_(std::move(other.files_)),
      is_kept_(other.is_kept_),
      number_(other.number_),
      last_(std::move(other.last_)) {}

Checkpoint::~Checkpoint() {
  if (vault_ == nullptr) return;
  for (std::size_t i = 0; i < files_.size(); ++i) {
    static_cast<void>(os::write_over(files_[i].get(), over));
    vault_->drop(kind, i);
  }
}

os::Result<void> Checkpoint::write(const std::string& text) {
  if (text == last_) return {};
  const auto mark = std::to_string(++number_);
  const auto whole = mark + ' ' + std::to_string(text.size()) + '\n' + text + mark;
  const auto turn = number_ % files_.size();
  auto written = os::write_over(files_[turn].get(), whole);
  if (!written) return written;
  last_ = text;
  if (!is_kept_[turn]) vault_->keep(kind, turn, files_[turn].get(), Lasts::Beyond);
  is_kept_[turn] = true;
  return {};
}

std::optional<std::string> Checkpoint::newest(Descriptors& from) {
  std::optional<Written> newest;
  for (std::size_t i = 0; i < 2; ++i) {
    auto file = from.take(kind, i);
    if (!file) continue;
    auto written = read(file.get());
    if (written && (!newest || written->number > newest->number)) newest = std::move(written);
    from.add(image::descriptor(kind, i), std::move(file));
  }
  return newest ? std::optional(std::move(newest->text)) : std::nullopt;
}

}  // namespace hupd::master
