/* What the sample application of the listener height is told to do, and was asked. */
#ifndef LISTENER_SAMPLE_H
#define LISTENER_SAMPLE_H

#include <hupd/app.h>

struct listener_sample {
  int start_result; /* what the callbacks return; they give a reason for a failure */
  int listen_result;
  int starts; /* how often they were called */
  int listens;
  int drains;
  int stops;
  struct hupd_worker* worker;            /* as `start` got it */
  const struct hupd_listener* listeners; /* as `listen` got them */
  size_t listener_count;
};

#endif
