#include "worker/http_probe.hpp"

#include <utility>

#include "http/service.hpp"
#include "worker/host.hpp"

namespace hupd::worker {

HttpProbe::HttpProbe(uv_loop_t* loop, const Application& application, hupd_worker& worker,
                     const config::App& settings)
    : loop_(loop),
      request_text_(http1::get_request(settings.probe.path, settings.probe.host)),
      service_(http1::make_service({loop, application.table(), application.instance(), &worker,
                                    settings, host_table(), counters_})) {}

void HttpProbe::ask(http1::SelfRequest::OnAnswer on_answer) {
  request_ = std::make_unique<http1::SelfRequest>(
      loop_, *service_, request_text_, [this, tell = std::move(on_answer)](const auto& fault) {
        request_.reset();  // its connection then closes by itself, as with any client
        tell(fault);
      });
}

void HttpProbe::stop() {
  request_.reset();
  service_->quit();
}

}  // namespace hupd::worker
