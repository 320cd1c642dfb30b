#define _GNU_SOURCE
#include "include/allocations.h"

#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// glibc's own, under the names that no replacement takes.
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

enum { kept = 1024, depth = 16, shown = 12 };

static _Thread_local int is_counting;
static _Thread_local long count;
// Where the one thread that counts has allocated, and how often there; `kept` such places are told apart.
struct place {
    void *trace[depth];
    int depth;
    long count;
};
static struct place places[kept];
static int placed;

static void note(void) {
    if (!is_counting) return;
    // What makes the trace may allocate.
    is_counting = 0;
    void *trace[depth];
    int found = backtrace(trace, depth), index = 0;
    while (index < placed
           && (places[index].depth != found || memcmp(places[index].trace, trace, (size_t)found * sizeof *trace) != 0)) index++;
    if (index < kept) {
        if (index == placed) {
            memcpy(places[index].trace, trace, (size_t)found * sizeof *trace);
            places[index].depth = found;
            placed++;
        }
        places[index].count++;
    }
    count++;
    is_counting = 1;
}

void *malloc(size_t size) {
    note();
    return __libc_malloc(size);
}

void *calloc(size_t items, size_t size) {
    note();
    return __libc_calloc(items, size);
}

void *realloc(void *old, size_t size) {
    note();
    return __libc_realloc(old, size);
}

void *memalign(size_t alignment, size_t size) {
    note();
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    note();
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **result, size_t alignment, size_t size) {
    note();
    *result = __libc_memalign(alignment, size);
    return *result ? 0 : ENOMEM;
}

void allocations_begin(void) {
    memset(places, 0, sizeof places);
    placed = 0;
    count = 0;
    is_counting = 1;
}

long allocations_end(void) {
    is_counting = 0;
    return count;
}

// Whether a part of the trace lies in ONNX Runtime, which is loaded from a file of that name.
static int is_neural(const struct place *place) {
    Dl_info found;
    for (int index = 0; index < place->depth; index++) {
        if (!dladdr(place->trace[index], &found) || !found.dli_fname) continue;
        const char *slash = strrchr(found.dli_fname, '/');
        if (strstr(slash ? slash + 1 : found.dli_fname, "onnxruntime")) return 1;
    }
    return 0;
}

long allocations_most(int neural) {
    long most = 0;
    for (int index = 0; index < placed; index++)
        if (places[index].count > most && is_neural(&places[index]) == !!neural) most = places[index].count;
    return most;
}

static int more_often(const void *a, const void *b) {
    long first = ((const struct place *)a)->count, second = ((const struct place *)b)->count;
    return (first < second) - (first > second);
}

void allocations_report(void) {
    qsort(places, (size_t)placed, sizeof *places, more_often);
    for (int index = 0; index < placed && index < shown; index++) {
        dprintf(STDERR_FILENO, "%ld times\n", places[index].count);
        backtrace_symbols_fd(places[index].trace, places[index].depth, STDERR_FILENO);
    }
}
