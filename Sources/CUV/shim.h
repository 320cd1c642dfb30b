#pragma once
#include <sys/eventfd.h>
#include <uv.h>

// glibc declares these only under _GNU_SOURCE, which Swift's Glibc module is built without.
int accept4(int socket, struct sockaddr *address, socklen_t *length, int flags);
int pthread_setname_np(pthread_t thread, const char *name);

// `uv_loop_configure` is variadic, which Swift cannot call. To be called before the loop first runs.
static inline int parley_uv_measure_idle_time(uv_loop_t *loop) { return uv_loop_configure(loop, UV_METRICS_IDLE_TIME); }
