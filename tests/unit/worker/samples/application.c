/* The smallest application of the http height; each definition gives it one fault. */
#include <stddef.h>

#include <hupd/app.h>

#ifndef NAME
#define NAME hupd_application
#endif
#ifndef ABI
#define ABI HUPD_ABI_VERSION
#endif
#ifndef SIZE
#define SIZE sizeof(struct hupd_app)
#endif

#ifndef NO_CALLBACKS
static const struct hupd_host* host;

/* What the setting `path`, a digit, tells a callback to return; it gives its reason for a positive
   one. */
static int outcome(struct hupd_str path, struct hupd_str reason) {
  struct hupd_str value;
  int result = 0;
  if (host->setting(path, &value) == 0) result = value.data[0] - '0';
  if (result > 1) host->fail(reason);
  return result;
}

static int create(const struct hupd_host* offered, void** app) {
  const struct hupd_str path = {"create", 6};
  const struct hupd_str reason = {"no\nspace", 8};
  host = offered;
  *app = &host;
  return outcome(path, reason);
}

static int start(void* app, struct hupd_worker* worker) {
  const struct hupd_str path = {"start", 5};
  const struct hupd_str reason = {"no database", 11};
  (void)app;
  (void)worker;
  return outcome(path, reason);
}
#endif

#if !defined(NO_HTTP) && !defined(NO_REQUEST)
static void request(void* app, struct hupd_exchange* exchange, const struct hupd_request* r) {
  (void)app;
  (void)exchange;
  (void)r;
}
#endif
#ifdef UPGRADED
static const struct hupd_connection_ops upgraded = {.size = sizeof upgraded};
#endif
#ifndef NO_HTTP
static const struct hupd_http_ops http = {
    .size = sizeof http,
#ifndef NO_REQUEST
    .request = request,
#endif
#ifdef UPGRADED
    .upgraded = &upgraded,
#endif
};
#endif

#ifdef CONNECTION
static const struct hupd_connection_ops connection = {.size = sizeof connection};
#endif
#ifdef LISTENER
static const struct hupd_listener_ops listener = {.size = sizeof listener};
#endif

#ifdef UNRESOLVED
extern int nobody_has_this(void);
int uses(void);
int uses(void) { return nobody_has_this(); }
#endif

HUPD_EXPORT const struct hupd_app NAME = {
    .size = SIZE,
    .abi_version = ABI,
#ifndef NO_CALLBACKS
    .version = "1.2.3",
    .create = create,
    .start = start,
#endif
#ifndef NO_HTTP
    .http = &http,
#endif
#ifdef CONNECTION
    .connection = &connection,
#endif
#ifdef LISTENER
    .listener = &listener,
#endif
};
