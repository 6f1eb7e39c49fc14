// The HTTP height: connections whose bytes are requests.
#pragma once

#include <memory>

#include "connection/service.hpp"

namespace hupd::http1 {

std::unique_ptr<connection::Service> make_service(const connection::Worker& worker);

// Sets the http_* functions.
void fill(hupd_host& host);

}  // namespace hupd::http1
