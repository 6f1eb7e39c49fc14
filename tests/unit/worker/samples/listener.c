/* An application of the listener height in a test's hand: `listener_sample` is exported. */
#include "listener.h"

#ifndef LISTENER_INHERITS
#define LISTENER_INHERITS HUPD_ON_ARRIVAL
#endif

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

static int leave_state(void* app, struct hupd_worker* worker, int moment, struct hupd_export* out) {
  struct listener_sample* self = app;
  const struct hupd_str piece = {"k", 1};
  (void)worker;
  ++self->leaves[moment];
  for (size_t i = 0; i < self->leave_size; ++i) host->state_append(out, 7, piece);
  if (self->leave_result[moment] > HUPD_LEFT_MORE) give_reason("no pen", 6);
  return self->leave_result[moment];
}

static int take_state(void* app, struct hupd_worker* worker, const struct hupd_inheritance* from) {
  struct listener_sample* self = app;
  (void)worker;
  ++self->takes;
  self->heirs += from->heir;
  self->inheritance = *from;
  self->first_byte = from->state.bytes.size != 0 ? from->state.bytes.data[0] : '-';
  if (self->take_result != 0) give_reason("no room", 7);
  return self->take_result;
}

static int probe(void* app, struct hupd_worker* worker, uint64_t number) {
  struct listener_sample* self = app;
  (void)worker;
  ++self->probes;
  self->probe_number = number;
  if (self->probe_result > HUPD_LATER) give_reason("no disk", 7);
  return self->probe_result;
}

static const struct hupd_listener_ops listener = {
    .size = sizeof listener, .listen = begin, .drain = drain};

HUPD_EXPORT const struct hupd_app hupd_application = {.size = sizeof(struct hupd_app),
                                                      .abi_version = HUPD_ABI_VERSION,
                                                      .create = create,
                                                      .start = start,
                                                      .stop = stop,
                                                      .listener = &listener,
                                                      .leave_state = leave_state,
                                                      .take_state = take_state,
                                                      .inherits = LISTENER_INHERITS,
                                                      .probe = probe};
