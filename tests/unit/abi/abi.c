/* app.h is C: included twice, used as an application in C uses it. */
#include <hupd/app.h>

static const struct hupd_host* host;

static void request(void* app, struct hupd_exchange* exchange, const struct hupd_request* seen) {
  struct hupd_response response = {0};
  (void)app;
  response.size = sizeof response;
  response.status = 200;
  response.body = seen->target;
  (void)host->http_respond(exchange, &response);
}

static int create(const struct hupd_host* given, void** app) {
  host = given;
  *app = 0;
  return 0;
}

static const struct hupd_http_ops http = {.size = sizeof http, .request = request};

extern const struct hupd_app hupd_application;
HUPD_EXPORT const struct hupd_app hupd_application = {.size = sizeof hupd_application,
                                                      .abi_version = HUPD_ABI_VERSION,
                                                      .version = "1",
                                                      .create = create,
                                                      .http = &http};
