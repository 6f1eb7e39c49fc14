/* An application of the listener height in a test's hand: `listener_sample` is exported. */
#include "listener.h"

HUPD_EXPORT struct listener_sample listener_sample;

static const struct hupd_host* host;

static void give_reason(const char* text, size_t size) {
  const struct hupd_str reason = {text, size};
  host->fail(reason);
}

static int create(const struct hupd_host* offered, void** app) {
  host = offered;
  *app = &listener_sample;
  return 0;
}

static int start(void* app, struct hupd_worker* worker) {
  struct listener_sample* self = app;
  self->worker = worker;
  ++self->starts;
  if (self->start_result > HUPD_PENDING) give_reason("no database", 11);
  return self->start_result;
}

static void stop(void* app) { ++((struct listener_sample*)app)->stops; }

static int begin(void* app, struct hupd_worker* worker, const struct hupd_listener* listeners,
                 size_t count) {
  struct listener_sample* self = app;
  (void)worker;
  ++self->listens;
  self->listeners = listeners;
  self->listener_count = count;
  if (self->listen_result != 0) give_reason("no epoll", 8);
  return self->listen_result;
}

static void drain(void* app, struct hupd_worker* worker) {
  (void)worker;
  ++((struct listener_sample*)app)->drains;
}

static const struct hupd_listener_ops listener = {
    .size = sizeof listener, .listen = begin, .drain = drain};

HUPD_EXPORT const struct hupd_app hupd_application = {.size = sizeof(struct hupd_app),
                                                      .abi_version = HUPD_ABI_VERSION,
                                                      .create = create,
                                                      .start = start,
                                                      .stop = stop,
                                                      .listener = &listener};
