/* Kore's part of the benchmark: a page that answers a constant. Compiled by servers.py. */
/* http.h counts on kore.h before it. */
/* clang-format off */
#include <kore/kore.h>
#include <kore/http.h>
/* clang-format on */

int page(struct http_request*);

int page(struct http_request* request) {
  http_response_header(request, "content-type", "text/plain");
  http_response(request, 200, "hello\n", 6);
  return KORE_RESULT_OK;
}
