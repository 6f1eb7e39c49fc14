// The immutable copy of what was deployed, under its content hash.
//
// A library that is loaded from where it was deployed changes under the running code when the file
// is overwritten, and dies of SIGBUS when it is truncated. A copy of one's own has neither fault,
// and going back to it needs no file. It is a real copy: a hard link would share the bytes.
#pragma once

#include <string>

#include "os/result.hpp"
#include "os/trust.hpp"

namespace hupd::zygote {

struct PrivateCopy {
  std::string path;  // of the library in the copy
  std::string hash;  // SHA-256 of the library; with siblings, of the lines that sha256sum prints
};

// Copies `library` and its siblings, laid out to each other as they were, into
// `directory`/HASH. `directory` exists and is this generation's own. All files are from those who
// are trusted, or nothing is copied.
os::Result<PrivateCopy> make_private_copy(const std::string& library, const std::string& directory,
                                          const os::Trust& trust = os::Trust::of_everybody());

}  // namespace hupd::zygote
