/* The application under torture: answers at once, or after a while at /slow, and says in a header
   which generation did. In C, against the ABI alone. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include <hupd/app.h>

enum { SLOW_MS = 300 };

static const struct hupd_host* host;

static struct hupd_str text(const char* literal) {
  struct hupd_str view = {literal, strlen(literal)};
  return view;
}

static int is(struct hupd_str view, const char* literal) {
  return view.size == strlen(literal) && memcmp(view.data, literal, view.size) == 0;
}

static void respond(struct hupd_exchange* exchange, const char* body) {
  char number[24];
  snprintf(number, sizeof number, "%llu",
           (unsigned long long)host->generation(host->http_worker(exchange)));
  const struct hupd_header header = {text("X-Generation"), text(number)};
  const struct hupd_response response = {sizeof response, 200, &header, 1, text(body)};
  host->http_respond(exchange, &response);
}

static void free_timer(uv_handle_t* timer) { free(timer); }

/* The timer's data is the exchange, and the exchange's the timer, until either is gone. */
static void on_time(uv_timer_t* timer) {
  struct hupd_exchange* exchange = timer->data;
  host->http_set_data(exchange, NULL);
  uv_close((uv_handle_t*)timer, free_timer);
  respond(exchange, "slow\n");
}

static void on_closed(void* app, struct hupd_exchange* exchange, int completed) {
  uv_timer_t* timer = host->http_data(exchange);
  (void)app, (void)completed;
  if (timer != NULL) uv_close((uv_handle_t*)timer, free_timer);
}

static void on_request(void* app, struct hupd_exchange* exchange,
                       const struct hupd_request* request) {
  (void)app;
  if (!is(request->target, "/slow")) {
    respond(exchange, is(request->method, "GET") ? "hello\n" : "hello, writer\n");
    return;
  }
  uv_timer_t* timer = malloc(sizeof *timer);
  if (timer == NULL) abort();
  uv_timer_init(host->loop(host->http_worker(exchange)), timer);
  timer->data = exchange;
  host->http_set_data(exchange, timer);
  uv_timer_start(timer, on_time, SLOW_MS, 0);
}

static int create(const struct hupd_host* given, void** app) {
  host = given;
  *app = NULL;
  return 0;
}

static const struct hupd_http_ops http = {
    .size = sizeof http, .request = on_request, .closed = on_closed};

HUPD_EXPORT const struct hupd_app hupd_application = {.size = sizeof hupd_application,
                                                      .abi_version = HUPD_ABI_VERSION,
                                                      .version = "torture",
                                                      .create = create,
                                                      .http = &http};
