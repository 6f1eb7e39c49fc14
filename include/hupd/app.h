/*
 * hupd: the interface between the host and an application, as a C ABI.
 *
 * An application is a shared library that defines one object, `hupd_application`, of type
 * `struct hupd_app`: a table of callbacks. It links to nothing of hupd's; what it may call comes to
 * it in `struct hupd_host`. C++ programs use <hupd/http.hpp> and <hupd/app.hpp> on top of this.
 *
 * Conventions
 *   Versions   Every table begins with its size in bytes, as its author's compiler saw it. Fields
 *              are only ever added at the end, so the host reads no further than the size says, and
 *              an application must not call past `hupd_host.size`. HUPD_ABI_VERSION changes only
 *              when something existing changes its meaning; the host refuses any other version.
 *   Threads    Every callback runs on the one thread of its process: `create` in the zygote (or in
 *              the worker, with `preload = false`), all others in the worker, inside its loop.
 *              Host functions are called from that thread only, `log` excepted.
 *   Processes  The zygote calls `create` once and is then forked once per worker. What `create`
 *              built is shared copy-on-write. It must start no thread and open no event loop.
 *   Signals    SIGRTMAX - 2 is the host's in workers: neither handle nor block it. (It tells of a
 *              master that was killed, and reaches a worker that does not return from a callback.)
 *   Reentry    A host function calls no callback: what it sets off comes later, from the loop.
 *   Errors     Callbacks that return int: 0 is success. Before any other value, `fail` may be
 *              called with the reason, one line, which reaches the log and the deploy's result.
 *              No exception may cross this boundary (the C++ wrapper sees to it).
 *   Strings    `struct hupd_str` is a view, not terminated by a NUL. What a callback receives lives
 *              until it returns; what a host function receives is copied before it returns.
 *   Ownership  Opaque handles belong to the host. A handle is dead once the callback that is
 *              documented as the last one for it has returned.
 *   NULL       A callback that is NULL is not called; the text at the field says what is done then.
 *   Units      Times are milliseconds, sizes are bytes, and names say so.
 */
#ifndef HUPD_APP_H
#define HUPD_APP_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define HUPD_ABI_VERSION 1u

/* The name that the host looks up in the library, and how to make it visible. */
#define HUPD_APPLICATION_SYMBOL "hupd_application"
#define HUPD_EXPORT __attribute__((visibility("default")))

struct uv_loop_s;       /* libuv's uv_loop_t */
struct hupd_worker;     /* the worker process that the application runs in */
struct hupd_connection; /* one accepted connection (connection height) */
struct hupd_exchange;   /* one request and its response (http height) */
struct hupd_export;     /* what `export_state` and `leave_state` fill */

struct hupd_str {
  const char* data;
  size_t size;
};

/* Severity of a log line; the numbers are syslog's. */
enum hupd_log_level { HUPD_ERROR = 3, HUPD_WARNING = 4, HUPD_INFO = 6, HUPD_DEBUG = 7 };

/* What host functions that write return. */
enum hupd_write_result {
  HUPD_WRITTEN = 0, /* taken; more may follow at once */
  HUPD_FULL = 1,    /* taken, but the queue is above its high mark: wait for `writable` */
  HUPD_GONE = -1    /* not taken: the peer is gone, or the response was ended already */
};

/* What `start` may return beside 0 and failure. */
enum hupd_start_result {
  HUPD_READY = 0,  /* ready to serve */
  HUPD_PENDING = 1 /* `ready` or `start_failed` will be called later, before boot_timeout */
};

/* ---- living connections move: see "Connections outlive a reload" in the README ---- */

/* What an application leaves to other workers, which may run another version of it. The host
   carries the bytes and does not look at them; the version is the application's own, so that
   version 3 can read what 2 wrote, and after a rollback 2 can tell that it cannot read what 3
   wrote. */
struct hupd_state {
  uint32_t version;
  struct hupd_str bytes;
};

/* What `export_state` returns. */
enum hupd_move {
  HUPD_MOVE = 0,    /* hand the connection over, with the state that was exported */
  HUPD_NOT_NOW = 1, /* something is in hand here: ask again after the connection's next callback, or
                       after `connection_movable` */
  HUPD_NEVER = -1   /* it stays: `drain` follows. Any other value means the same */
};

/* ---- what workers leave to those that follow: see "What a worker knows" in the README ----
   A cache, counters, sessions: bytes that no connection carries. Asked of every worker that retires
   while others serve or will; not at a stop, and not of one that crashes. */

/* When `leave_state` is called. */
enum hupd_moment {
  HUPD_SERVING = 0,  /* a new generation boots that wants it before it is ready (HUPD_BEFORE_READY):
                        this worker serves on, and what changes here from now on is not in it. The
                        deploy may be rejected, and then it is thrown away: leave copies here */
  HUPD_RETIRING = 1, /* the worker's drain begins: what it serves, it may serve a while yet.
                        Its connections wait meanwhile, so be quick */
  HUPD_RETIRED = 2   /* its last connection is gone; `stop` is next */
};

/* What `leave_state` returns. In either case what was given to `state_append` is left. */
enum hupd_leave {
  HUPD_LEFT = 0,      /* that was all: nothing more is asked for on the way out */
  HUPD_LEFT_MORE = 1, /* ask for the rest at the next moment. What must be exact, such as a counter,
                         is best left when RETIRED, or in parts, each of them once */
};

/* When an application takes what was left. */
enum hupd_inherits {
  HUPD_ON_ARRIVAL = 0,  /* in the loop, while it serves already */
  HUPD_BEFORE_READY = 1 /* after `start`: it is ready when it has taken all there is */
};

/* One worker's legacy, as `take_state` gets it. */
struct hupd_inheritance {
  uint32_t size;            /* sizeof(struct hupd_inheritance) as the host has it */
  uint32_t from_worker;     /* the number of who left it */
  uint64_t from_generation; /* its generation: older than this one, or the same */
  int heir;                 /* 1: this is the one worker that it counts for. See `take_state` */
  struct hupd_state state;
};

/* ---- whether a worker is well: see "Is the new one well?" in the README ---- */

/* What `probe` may return beside failure. */
enum hupd_probe_result {
  HUPD_WELL = 0, /* it serves well, or will when it is let */
  HUPD_LATER = 1 /* `probe_done` will be called, before probe.timeout */
};

/* ---- listener height: the application serves the listening sockets by itself ---- */

struct hupd_listener {
  struct hupd_str address; /* as the configuration writes it, such as "127.0.0.1:8080" */
  int fd;                  /* non-blocking, shared with every worker: never close(), shutdown() or
                              listen() it, which would act on all of them */
};

struct hupd_listener_ops {
  uint32_t size; /* sizeof(struct hupd_listener_ops) */
  /* The switch to this generation: begin to accept now. `listeners` lives as long as the worker. */
  int (*listen)(void* app, struct hupd_worker* worker, const struct hupd_listener* listeners,
                size_t count);
  /* Stop accepting, finish what is in hand, then call `drained`. Past drain_timeout the process is
     ended. Required. */
  void (*drain)(void* app, struct hupd_worker* worker);
  /* A connection that another worker gave to `hand_over`. 0: it is the application's, which closes
     `fd`. Otherwise, or when this is NULL, the host closes it: a goodbye is to be written before.
   */
  int (*adopt)(void* app, struct hupd_worker* worker, int fd, struct hupd_str listener,
               const struct hupd_state* state);
};

/* ---- connection height: the host accepts, reads and writes; the application gets bytes ---- */

struct hupd_connection_ops {
  uint32_t size; /* sizeof(struct hupd_connection_ops) */
  /* A connection was accepted. `*state` is handed to every later callback. Other than 0: it is
     closed at once, and `closed` is not called. NULL: the state is NULL. */
  int (*open)(void* app, struct hupd_connection* connection, void** state);
  /* Bytes have arrived. Returns how many were used, 0 to bytes.size; the rest is kept and comes
     again, in front of the next ones (at most read_buffer bytes; a peer that needs more is closed).
     Required. */
  size_t (*data)(void* app, struct hupd_connection* connection, void* state, struct hupd_str bytes);
  /* The write queue has fallen below its low mark, after HUPD_FULL. */
  void (*writable)(void* app, struct hupd_connection* connection, void* state);
  /* The peer will send no more. NULL: what is queued is written, then the connection is closed. */
  void (*end)(void* app, struct hupd_connection* connection, void* state);
  /* The worker retires and the connection cannot move: say goodbye and `connection_finish` when it
     suits, at the latest by drain_timeout. NULL: the connection is finished at once, after what is
     queued is written. */
  void (*drain)(void* app, struct hupd_connection* connection, void* state);
  /* The last callback for this connection, however it ended: free the state here. */
  void (*closed)(void* app, struct hupd_connection* connection, void* state);

  /* The worker retires while others serve: may they have this connection? They get its descriptor,
     the bytes that `data` has not used, its idle timeout, and what is given to `state_append` here.
     Called when everything written has been sent; without effect on the connection, which goes on
     here until `moved`: it may be asked several times. A pause, and that the peer sends no more,
     go along, too. One that answers HUPD_NOT_NOW until drain_timeout is cut then. Returns a
     hupd_move. NULL: HUPD_NEVER. */
  int (*export_state)(void* app, struct hupd_connection* connection, void* state,
                      struct hupd_export* out);
  /* The last callback for this connection, in place of `closed`: another worker has it, and the
     peer has noticed nothing. Free the state. NULL: `closed` is called. */
  void (*moved)(void* app, struct hupd_connection* connection, void* state);
  /* In place of `open`, for a connection that another worker exported: go on where it was. `*state`
     is handed to every later callback. Other than 0: this version cannot; `refused` follows, and no
     other callback. NULL: it cannot. */
  int (*adopt)(void* app, struct hupd_connection* connection, const struct hupd_state* exported,
               void** state);
  /* The goodbye of a connection that was not adopted: what is written here is sent, then the
     connection is finished. NULL: nothing is said. */
  void (*refused)(void* app, struct hupd_connection* connection);
};

/* ---- http height: the host speaks HTTP/1.1; the application answers requests ---- */

struct hupd_header {
  struct hupd_str name; /* as received; compare without regard to case */
  struct hupd_str value;
};

struct hupd_request {
  uint32_t size;                     /* sizeof(struct hupd_request) as the host has it */
  uint32_t version;                  /* 10 or 11 */
  struct hupd_str method;            /* "GET" */
  struct hupd_str target;            /* as received: "/a?b=c" */
  const struct hupd_header* headers; /* in the order received */
  size_t header_count;
  struct hupd_str body; /* the whole of it in `request`; empty in `head` */
};

enum hupd_body_mode {
  HUPD_BODY_WHOLE = 0, /* collect up to max_body bytes, then call `request` */
  HUPD_BODY_PIECES = 1 /* call `body` as pieces arrive, without a limit of the host's */
};

struct hupd_http_ops {
  uint32_t size; /* sizeof(struct hupd_http_ops) */
  /* The head is complete, the body is not read. Returns a hupd_body_mode. The response may be begun
     here; when it was ended here, the body is discarded and neither `body` nor `request` follows.
     NULL: HUPD_BODY_WHOLE. */
  int (*head)(void* app, struct hupd_exchange* exchange, const struct hupd_request* request);
  /* A piece of the body, after HUPD_BODY_PIECES; an empty one with last = 1 ends it. */
  void (*body)(void* app, struct hupd_exchange* exchange, struct hupd_str piece, int last);
  /* The request is complete, after HUPD_BODY_WHOLE. Respond now or later. Required. */
  void (*request)(void* app, struct hupd_exchange* exchange, const struct hupd_request* request);
  /* The write queue has fallen below its low mark, after HUPD_FULL. */
  void (*writable)(void* app, struct hupd_exchange* exchange);
  /* The last callback for this exchange: `completed` is 1 when the response was handed to the
     kernel whole, 0 when the client vanished or a limit ended it before. */
  void (*closed)(void* app, struct hupd_exchange* exchange, int completed);

  /* How a connection goes on after `http_upgrade`: as one of the connection height, with all that
     is said there; it moves to other workers as those do. `open` is called right after the
     exchange's `closed` with completed = 1, and `*state` is then what `http_data` was at the end of
     that. NULL: there are no upgrades, and what another version upgraded is closed when it comes.
   */
  const struct hupd_connection_ops* upgraded;
};

struct hupd_response {
  uint32_t size;                     /* sizeof(struct hupd_response) */
  uint32_t status;                   /* 200 to 599; of http_upgrade: 101 */
  const struct hupd_header* headers; /* Content-Length, Transfer-Encoding, Connection and Date are
                                        the host's and left out, but `Connection: close` is heeded,
                                        and an Upgrade field gets its `Connection: Upgrade`.
                                        CR, LF or NUL in a value: the response becomes a 500 */
  size_t header_count;
  struct hupd_str body; /* `http_respond` only */
};

/* ---- what the host offers ---- */

struct hupd_host {
  uint32_t size;        /* sizeof(struct hupd_host) as the host has it */
  uint32_t abi_version; /* HUPD_ABI_VERSION */

  /* Any process, any thread (but not from a signal handler): one line of the log. */
  void (*log)(int level, struct hupd_str text);
  /* The reason for the failure that is about to be returned. */
  void (*fail)(struct hupd_str reason);
  /* [app.NAME.settings]: the value at a dotted path as text ("true", "42", "0.5", or the string
     itself), valid for the life of the process. Returns 0, or -1 when there is none or it is a
     table or an array (see settings_json). */
  int (*setting)(struct hupd_str path, struct hupd_str* value);
  /* All of [app.NAME.settings] as one JSON object, valid for the life of the process. */
  struct hupd_str (*settings_json)(void);

  /* The worker. */
  struct uv_loop_s* (*loop)(struct hupd_worker* worker); /* for timers and sockets of its own */
  uint64_t (*generation)(struct hupd_worker* worker);    /* from 1 */
  uint32_t (*worker_number)(struct hupd_worker* worker); /* slot, from 1 */
  void (*ready)(struct hupd_worker* worker);             /* after HUPD_PENDING */
  void (*start_failed)(struct hupd_worker* worker, struct hupd_str reason);
  void (*drained)(struct hupd_worker* worker); /* listener height: nothing is left to do */
  /* Listener height: keep the scoreboard's counters of open connections and requests served. */
  void (*count_connections)(struct hupd_worker* worker, int64_t change);
  void (*count_requests)(struct hupd_worker* worker, uint64_t served);

  /* A connection. */
  int (*connection_write)(struct hupd_connection* connection, struct hupd_str bytes);
  /* Write what is queued, shut down, read to the peer's end (for linger_timeout at most), close. */
  void (*connection_finish)(struct hupd_connection* connection);
  /* Close at once; unsent bytes are lost. */
  void (*connection_abort)(struct hupd_connection* connection);
  void (*connection_pause)(struct hupd_connection* connection); /* no more `data` until resume */
  void (*connection_resume)(struct hupd_connection* connection);
  /* Closes the connection when nothing was read or written for so long; 0: never. */
  void (*connection_timeout)(struct hupd_connection* connection, uint64_t timeout_ms);
  /* The peer: "192.0.2.1:5050", "[2001:db8::1]:5050" or "unix"; lives as long as the connection. */
  struct hupd_str (*connection_peer)(struct hupd_connection* connection);
  struct hupd_worker* (*connection_worker)(struct hupd_connection* connection);

  /* An exchange. */
  void (*http_set_data)(struct hupd_exchange* exchange, void* data); /* the application's own */
  void* (*http_data)(struct hupd_exchange* exchange);
  struct hupd_str (*http_peer)(struct hupd_exchange* exchange);
  struct hupd_worker* (*http_worker)(struct hupd_exchange* exchange);
  /* The whole response in one call: a hupd_write_result. */
  int (*http_respond)(struct hupd_exchange* exchange, const struct hupd_response* response);
  /* Or in pieces: head (content_length in bytes, or -1 when it is not known), body, end. What is
     written beyond content_length is dropped; to end before it cuts the connection. */
  int (*http_begin)(struct hupd_exchange* exchange, const struct hupd_response* head,
                    int64_t content_length);
  int (*http_write)(struct hupd_exchange* exchange, struct hupd_str piece);
  int (*http_end)(struct hupd_exchange* exchange);
  /* Request body in pieces: no more `body` until resume; the client is slowed by TCP. */
  void (*http_pause)(struct hupd_exchange* exchange);
  void (*http_resume)(struct hupd_exchange* exchange);
  /* Give up: the client gets a 500 when no response was begun, and else sees it cut. */
  void (*http_abort)(struct hupd_exchange* exchange);

  /* Adds bytes to what `export_state` or `leave_state` leaves, of the application's own version;
     the size is bounded by handover.max_state. Of several calls the last one's version counts.
     Only from within these two. */
  void (*state_append)(struct hupd_export* out, uint32_t version, struct hupd_str bytes);
  /* After HUPD_NOT_NOW: nothing is in hand any more. Does nothing in a worker that does not retire.
   */
  void (*connection_movable)(struct hupd_connection* connection);
  /* The listener that accepted the connection, as the configuration writes it; lives as long as the
     worker. */
  struct hupd_str (*connection_listener)(struct hupd_connection* connection);
  struct hupd_str (*http_listener)(struct hupd_exchange* exchange);
  /* Listener height, after `drain`: offers a connection to the workers that serve, with the
     listener that accepted it and a state of at most handover.max_state bytes. Returns a hupd_move:
     HUPD_MOVE, they have it, close `fd` (never shutdown() it); HUPD_NOT_NOW, there is no room, try
     again in some milliseconds; HUPD_NEVER, nobody takes over, or not this one: say goodbye. */
  int (*hand_over)(struct hupd_worker* worker, int fd, struct hupd_str listener,
                   const struct hupd_state* state);

  /* Answers with `101 Switching Protocols`: from then on the connection speaks the protocol that
     the Upgrade field of `head` names, and is served by `upgraded` of the http height. Its `data`
     begins with what the client sent behind the request. HUPD_WRITTEN: `closed` of the exchange
     follows. HUPD_GONE: nothing was done, and the request waits for another answer (426 or 503, for
     instance): it does not ask for one, which HTTP/1.0 cannot, or its body has not come whole (see
     `request`); a response was begun; no descriptor is free; or head or `upgraded` are not as they
     have to be, which is logged. */
  int (*http_upgrade)(struct hupd_exchange* exchange, const struct hupd_response* head);

  /* After HUPD_LATER: what the probe of that number has shown. `well` 0: it is not, for this
     reason, one line. An answer that comes too late, or a second one, does nothing. */
  void (*probe_done)(struct hupd_worker* worker, uint64_t number, int well, struct hupd_str reason);
  /* The application has noticed by itself that this worker does not serve well, for this reason,
     one line; until it calls `well`. The master is told when the worker serves, as it is of what
     probes show then: a canary is ended by it. It does not end the worker. */
  void (*unwell)(struct hupd_worker* worker, struct hupd_str reason);
  void (*well)(struct hupd_worker* worker);
};

/* ---- the application ---- */

struct hupd_app {
  uint32_t size;        /* sizeof(struct hupd_app) */
  uint32_t abi_version; /* HUPD_ABI_VERSION */
  const char* version;  /* the application's own, for log and status; or NULL */

  /* Make the application: load tables, read settings. Called once, before any other callback, in
     the zygote (in each worker, with `preload = false`). `host` lives as long as the process. NULL:
     the application is NULL. */
  int (*create)(const struct hupd_host* host, void** app);
  /* A worker begins, with its privileges dropped: open databases, start threads. Returns a
     hupd_start_result or a failure. NULL: ready. */
  int (*start)(void* app, struct hupd_worker* worker);
  /* The last callback before the worker exits, also when `start` failed. NULL: nothing. */
  void (*stop)(void* app);

  /* The height it serves at: exactly one is not NULL. */
  const struct hupd_listener_ops* listener;
  const struct hupd_connection_ops* connection;
  const struct hupd_http_ops* http;

  /* Others follow this worker: what are they to know? `moment` is a hupd_moment; returns a
     hupd_leave. Anything else, or no call of `state_append`: nothing is left. NULL: nothing. */
  int (*leave_state)(void* app, struct hupd_worker* worker, int moment, struct hupd_export* out);
  /* What another worker left, perhaps in another version. When a generation replaces another,
     each of its workers gets what each old one left when SERVING or RETIRING; so does a worker that
     is born later, after a crash for one, until the next reload is done. Of all these exactly one
     has `heir` set: what is to be added up, such as a counter, is added by it alone; what may be
     known by all, such as a cache, is merged by each. (To a worker that becomes the heir because
     the first one died, it may come again.) What is left when RETIRED, or by a worker that retires
     alone (scaled down, recycled), goes to one worker only, its heir: that in the same place, or
     another.

     Other than 0: it is not taken. Before this worker is ready, its boot fails with the reason
     given to `fail`, and a deploy is rejected; return 0 to start without it instead. Afterwards the
     reason is logged, and the worker goes on. A worker that dies in here takes the legacy along:
     nobody else gets it. NULL: it is dropped. */
  int (*take_state)(void* app, struct hupd_worker* worker,
                    const struct hupd_inheritance* inheritance);
  /* A hupd_inherits. What arrives later than a worker is ready, comes on arrival in any case. */
  uint32_t inherits;

  /* Is this worker well? Asked when it has started, and taken what it takes before it is ready: a
     failure, or no answer within probe.timeout, fails its boot with the reason, and a deploy is
     rejected. Then every probe.interval while it serves, where a failure is as a call of `unwell`,
     and the next success as one of `well`. `number` tells one probe from another; there is one at a
     time. Returns a hupd_probe_result or a failure. NULL: well. */
  int (*probe)(void* app, struct hupd_worker* worker, uint64_t number);
};

#ifdef __cplusplus
}
#endif

#endif /* HUPD_APP_H */
