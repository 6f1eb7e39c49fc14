#include "config/load.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>
#include <tuple>

#include "config/document.hpp"
#include "config/overrides.hpp"
#include "config/toml.hpp"

namespace hupd::config {
namespace {

// What is larger is a device or a wrong file, not a configuration.
constexpr std::size_t largest_file = 16UL * 1024 * 1024;

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

File opened(const std::string& path, const Options& options, std::string& fault) {
  std::FILE* file = nullptr;
  if (!options.open) {
    file = std::fopen(path.c_str(), "re");
  } else if (const auto fd = options.open(path)) {
    file = ::fdopen(*fd, "r");
  } else {
    fault = fd.error();
  }
  return {file, [](std::FILE* open) { return std::fclose(open); }};
}

tl::expected<std::string, std::string> read_file(const std::string& path, const Options& options) {
  const auto reason = [] { return "cannot be read: " + std::generic_category().message(errno); };
  std::error_code unknown;  // is told when it is opened
  const auto kind = std::filesystem::status(path, unknown).type();
  using Type = std::filesystem::file_type;
  if (kind == Type::fifo || kind == Type::character || kind == Type::socket) {
    return tl::unexpected(std::string("is not a file; it is to be read again at each reload"));
  }
  std::string fault;
  const File file = opened(path, options, fault);
  if (!file) return tl::unexpected(fault.empty() ? reason() : fault);
  std::string text;
  std::array<char, 16UL * 1024> piece;
  while (const std::size_t count = std::fread(piece.data(), 1, piece.size(), file.get())) {
    text.append(piece.data(), count);
    if (text.size() > largest_file) return tl::unexpected(std::string("is larger than 16MiB"));
  }
  if (std::ferror(file.get()) != 0) return tl::unexpected(reason());
  return text;
}

std::string current_directory() {
  std::error_code failed;
  const std::filesystem::path path = std::filesystem::current_path(failed);
  return failed ? "/" : path.string();
}

Loaded one_fault(Fault fault) { return tl::unexpected(std::vector<Fault>{std::move(fault)}); }

Loaded read(Value document, const std::string& base, const std::string& cwd,
            const Options& options) {
  Context context(base, cwd, options.cpus, options.accounts);
  apply_overrides(options.overrides, document, context.faults);
  Settings settings = read_document(document, context);
  if (context.faults.empty()) return settings;
  std::ranges::stable_sort(context.faults, {},
                           [](const Fault& fault) { return std::tuple(fault.line, fault.column); });
  return tl::unexpected(std::move(context.faults));
}

}  // namespace

Loaded load(const std::string& path, const Options& options) {
  const std::string cwd = options.cwd.empty() ? current_directory() : options.cwd;
  if (path.empty()) return read({Table(), {"command line", 0, 0}}, cwd, cwd, options);
  const std::filesystem::path whole = std::filesystem::path(cwd) / path;
  const auto text = read_file(whole.string(), options);
  if (!text) return one_fault({path, 0, 0, text.error()});
  Options here = options;
  here.cwd = cwd;
  return parse(*text, path, whole.parent_path().string(), here);
}

Loaded parse(std::string_view text, const std::string& name, const std::string& base,
             const Options& options) {
  auto document = parse_toml(text, name);
  if (!document) return one_fault(std::move(document.error()));
  const std::string cwd = options.cwd.empty() ? current_directory() : options.cwd;
  return read(std::move(*document), base, cwd, options);
}

}  // namespace hupd::config
