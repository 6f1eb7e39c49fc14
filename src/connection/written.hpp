// What became of bytes that were to be sent, in the application's terms.
#pragma once

#include <hupd/app.h>

#include "connection/connection.hpp"

namespace hupd::connection {

inline hupd_write_result result_of(Written written) {
  switch (written) {
    case Written::Taken:
      return HUPD_WRITTEN;
    case Written::Full:
      return HUPD_FULL;
    case Written::Gone:
      break;
  }
  return HUPD_GONE;
}

}  // namespace hupd::connection
