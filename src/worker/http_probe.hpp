// Asks this worker's own HTTP service for a path.
#pragma once

#include <memory>
#include <string>

#include <uv.h>

#include "config/settings.hpp"
#include "connection/counters.hpp"
#include "connection/service.hpp"
#include "http/self_request.hpp"
#include "worker/application.hpp"
#include "worker/handle.hpp"

namespace hupd::worker {

// By a service of its own, with counters of its own, for the same application: what is asked here
// is no connection and no request of the worker's, is not handed over, and keeps nobody from
// leaving.
class HttpProbe {
 public:
  // All of it outlives this. Stop it in a turn of the loop that is finished before its end.
  HttpProbe(uv_loop_t* loop, const Application& application, hupd_worker& worker,
            const config::App& settings);

  // One at a time; answered from the loop.
  void ask(http1::SelfRequest::OnAnswer on_answer);
  void stop();  // what is under way is cut

 private:
  uv_loop_t* loop_;
  std::string request_text_;
  connection::Counters counters_;
  std::unique_ptr<connection::Service> service_;
  std::unique_ptr<http1::SelfRequest> request_;
};

}  // namespace hupd::worker
