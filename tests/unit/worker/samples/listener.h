/* What the sample application of the listener height is told to do, and was asked. */
#ifndef LISTENER_SAMPLE_H
#define LISTENER_SAMPLE_H

#include <hupd/app.h>

struct listener_sample {
  int start_result; /* what the callbacks return; they give a reason for a failure */
  int listen_result;
  int leave_result[3]; /* by moment */
  int take_result;
  int probe_result;
  size_t leave_size; /* bytes that are left; 0: state_append is not called */
  int starts;        /* how often they were called */
  int listens;
  int drains;
  int stops;
  int probes;
  uint64_t probe_number;                 /* of the last one */
  struct hupd_worker* worker;            /* as `start` got it */
  const struct hupd_listener* listeners; /* as `listen` got them */
  size_t listener_count;
  int leaves[3]; /* by moment */
  int takes;
  int heirs;                           /* how many of these */
  struct hupd_inheritance inheritance; /* the last one; its bytes are gone */
  char first_byte;                     /* of them */
};

#endif
