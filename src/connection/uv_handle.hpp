// Ownership of the libuv handles that belong to the worker rather than to one connection.
#pragma once

#include <memory>

#include <uv.h>

namespace hupd::connection {

// libuv still uses a handle after uv_close(), so its memory is freed in the close callback: the
// loop has to turn once more after this.
template <class Handle>
struct CloseHandle {
  void operator()(Handle* handle) const {
    uv_close(reinterpret_cast<uv_handle_t*>(handle),
             [](uv_handle_t* closed) { delete reinterpret_cast<Handle*>(closed); });
  }
};

template <class Handle>
using UvHandle = std::unique_ptr<Handle, CloseHandle<Handle>>;

}  // namespace hupd::connection
