/* One way to be a bad deploy a build: -DBAD_NAME. What is not bad about it answers "bad". */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <hupd/app.h>

static const struct hupd_host* host;

static void hang(void) {
  for (;;) pause();
}

static void* idle(void* nothing) {
  hang();
  return nothing;
}

static void start_a_thread(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, idle, NULL);
}

__attribute__((unused)) static struct hupd_str text(const char* literal) {
  struct hupd_str view = {literal, strlen(literal)};
  return view;
}

#ifdef BAD_UNDEFINED_SYMBOL
extern void nobody_defines_this(void);
#endif

__attribute__((constructor)) static void load(void) {
#ifdef BAD_LOAD_SEGV
  raise(SIGSEGV);
#endif
#ifdef BAD_LOAD_ABORT
  fputs("load: about to abort\n", stderr);
  abort();
#endif
#ifdef BAD_LOAD_EXIT_0
  exit(0);
#endif
#ifdef BAD_LOAD_EXIT_3
  exit(3);
#endif
#ifdef BAD_LOAD_HANG
  fputs("load: about to hang\n", stderr);
  hang();
#endif
#ifdef BAD_LOAD_THREAD
  start_a_thread();
#endif
}

__attribute__((unused)) static void leave_an_orphan(void) {
  if (fork() != 0) return;
  if (fork() == 0) execlp("sleep", "sleep", "3600", (char*)NULL);
  _exit(0);
}

static int create(const struct hupd_host* given, void** app) {
  host = given;
  *app = NULL;
#ifdef CREATE_LEAVES_AN_ORPHAN
  leave_an_orphan();
#endif
#ifdef BAD_CREATE_FAIL
  host->fail(text("the table of prices is missing"));
  return -1;
#endif
#ifdef BAD_CREATE_FAIL_SILENTLY
  return 7;
#endif
#ifdef BAD_CREATE_SEGV
  raise(SIGSEGV);
#endif
#ifdef BAD_CREATE_EXIT_0
  exit(0);
#endif
#ifdef BAD_CREATE_ABORT
  fputs("create: about to abort\n", stderr);
  abort();
#endif
#ifdef BAD_CREATE_HANG
  hang();
#endif
#ifdef BAD_CREATE_THREAD
  start_a_thread();
#endif
#ifdef SLOW_CREATE_MS
  usleep(SLOW_CREATE_MS * 1000);
#endif
  return 0;
}

static int start(void* app, struct hupd_worker* worker) {
  (void)app, (void)worker;
#ifdef BAD_START_FAIL
  host->fail(text("the database is away"));
  return -1;
#endif
#ifdef BAD_START_FAIL_LATE
  if (host->worker_number(worker) != 1) return HUPD_PENDING;
  host->start_failed(worker, text("the cache is away"));
  return HUPD_PENDING;
#endif
#ifdef BAD_START_SEGV
  raise(SIGSEGV);
#endif
#ifdef BAD_START_EXIT_0
  exit(0);
#endif
#ifdef BAD_START_HANG
  hang();
#endif
#ifdef BAD_START_PENDING
  return HUPD_PENDING;
#endif
#ifdef SLOW_START_MS
  usleep(SLOW_START_MS * 1000);
#endif
  return HUPD_READY;
}

static void stop(void* app) {
  (void)app;
#ifdef BAD_STOP_HANG
  hang();
#endif
}

static void on_request(void* app, struct hupd_exchange* exchange,
                       const struct hupd_request* request) {
  (void)app, (void)request;
#ifdef BAD_UNDEFINED_SYMBOL
  nobody_defines_this();
#endif
  const struct hupd_response response = {sizeof response, 200, NULL, 0, {"bad\n", 4}};
  host->http_respond(exchange, &response);
}

static const struct hupd_http_ops http = {.size = sizeof http, .request = on_request};

#ifdef BAD_ABI
#define ABI (HUPD_ABI_VERSION + 41)
#else
#define ABI HUPD_ABI_VERSION
#endif
#ifdef BAD_NO_ENTRY_POINT
#define hupd_application some_other_name
#endif
#ifdef BAD_NO_HEIGHT
#define HTTP NULL
#else
#define HTTP &http
#endif
#ifdef BAD_SHORT_TABLE
#define SIZE 12
#else
#define SIZE sizeof hupd_application
#endif

HUPD_EXPORT const struct hupd_app hupd_application = {
    .size = SIZE, .abi_version = ABI, .create = create, .start = start, .stop = stop, .http = HTTP};
