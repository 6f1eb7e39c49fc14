#include "os/elf.hpp"

#include <memory>
#include <optional>
#include <sstream>

#include <fcntl.h>
#include <gelf.h>
#include <sys/stat.h>

#include "os/fd.hpp"

namespace hupd::os {

namespace {

#if defined(__x86_64__)
constexpr GElf_Half this_machine = EM_X86_64;
#elif defined(__aarch64__)
constexpr GElf_Half this_machine = EM_AARCH64;
#elif defined(__riscv)
constexpr GElf_Half this_machine = EM_RISCV;
#else
constexpr GElf_Half this_machine = EM_NONE;  // unknown here: dlopen will tell
#endif

constexpr const char* no_library = "not a shared library (link it with -shared)";

using Handle = std::unique_ptr<Elf, decltype(&::elf_end)>;

// A linker writes the section headers last, a tool that edits libraries may put segments behind
// them: a file that ends before either is cut off. (libelf lists no sections of one that is.)
bool is_whole(const GElf_Ehdr& header, Elf* elf, std::uint64_t size) {
  const std::uint64_t headers = std::uint64_t{header.e_shnum} * header.e_shentsize;
  if (header.e_shoff > size || headers > size - header.e_shoff) return false;
  for (int i = 0; i < header.e_phnum; ++i) {
    GElf_Phdr segment;
    if (::gelf_getphdr(elf, i, &segment) == nullptr) return false;
    if (segment.p_type != PT_LOAD) continue;
    if (segment.p_offset > size || segment.p_filesz > size - segment.p_offset) return false;
  }
  return true;
}

std::optional<std::string> fault_in(const GElf_Ehdr& header, Elf* elf, std::uint64_t size) {
  if (header.e_ident[EI_CLASS] != (sizeof(void*) == 8 ? ELFCLASS64 : ELFCLASS32) ||
      (this_machine != EM_NONE && header.e_machine != this_machine)) {
    return "built for another architecture";
  }
  if (header.e_type != ET_DYN) return no_library;
  if (!is_whole(header, elf, size)) return "cut off (a deploy still writes it?)";
  return std::nullopt;
}

void split_path(const char* list, std::vector<std::string>& into) {
  std::istringstream parts(list != nullptr ? list : "");
  for (std::string part; std::getline(parts, part, ':');) into.push_back(part);
}

// DT_RUNPATH makes the loader ignore DT_RPATH. Nothing: it is a program (compilers make them
// position-independent, which looks like a library from its header).
std::optional<ElfInfo> read_dynamic(Elf* elf, Elf_Scn* section, const GElf_Shdr& header) {
  ElfInfo info;
  std::vector<std::string> runpath;
  std::vector<std::string> rpath;
  Elf_Data* data = ::elf_getdata(section, nullptr);
  for (int i = 0; data != nullptr; ++i) {
    GElf_Dyn entry;
    if (::gelf_getdyn(data, i, &entry) == nullptr || entry.d_tag == DT_NULL) break;
    const auto text = [&] { return ::elf_strptr(elf, header.sh_link, entry.d_un.d_val); };
    if (entry.d_tag == DT_FLAGS_1 && (entry.d_un.d_val & DF_1_PIE) != 0) return std::nullopt;
    if (entry.d_tag == DT_NEEDED && text() != nullptr) info.needed.emplace_back(text());
    if (entry.d_tag == DT_RUNPATH) split_path(text(), runpath);
    if (entry.d_tag == DT_RPATH) split_path(text(), rpath);
  }
  info.search_path = runpath.empty() ? std::move(rpath) : std::move(runpath);
  return info;
}

}  // namespace

Result<ElfInfo> read_elf(const std::string& path) {
  const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file) return failed("open " + path);
  struct stat status = {};
  if (::fstat(file.get(), &status) != 0) return failed("examine " + path);
  if (!S_ISREG(status.st_mode)) return refused(path + ": not a regular file");
  ::elf_version(EV_CURRENT);
  const Handle elf(::elf_begin(file.get(), ELF_C_READ, nullptr), &::elf_end);
  GElf_Ehdr header;
  if (elf == nullptr || ::elf_kind(elf.get()) != ELF_K_ELF ||
      ::gelf_getehdr(elf.get(), &header) == nullptr) {
    return refused(path + ": not a shared library (no valid ELF header)");
  }
  if (auto fault = fault_in(header, elf.get(), static_cast<std::uint64_t>(status.st_size))) {
    return refused(path + ": " + *fault);
  }
  for (Elf_Scn* s = ::elf_nextscn(elf.get(), nullptr); s; s = ::elf_nextscn(elf.get(), s)) {
    GElf_Shdr section;
    if (::gelf_getshdr(s, &section) != nullptr && section.sh_type == SHT_DYNAMIC) {
      if (auto info = read_dynamic(elf.get(), s, section)) return std::move(*info);
      return refused(path + ": " + no_library);
    }
  }
  return refused(path + ": not a shared library (no dynamic section)");
}

}  // namespace hupd::os
