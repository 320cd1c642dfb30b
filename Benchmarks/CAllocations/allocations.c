#include "include/allocations.h"

#include <errno.h>
#include <execinfo.h>
#include <stddef.h>
#include <unistd.h>

// glibc's own, under the names that no replacement takes.
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

enum { kept = 12, depth = 14 };

static _Thread_local int is_counting;
static _Thread_local long count;
// Of the one thread that counts.
static void *traces[kept][depth];
static int depths[kept];
// How many that thread had counted in the end.
static long counted;

static void note(void) {
    if (!is_counting) return;
    // What makes the trace may allocate.
    is_counting = 0;
    if (count < kept) depths[count] = backtrace(traces[count], depth);
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
    count = 0;
    is_counting = 1;
}

long allocations_end(void) {
    is_counting = 0;
    counted = count;
    return count;
}

void allocations_report(void) {
    for (long index = 0; index < counted && index < kept; index++) {
        backtrace_symbols_fd(traces[index], depths[index], STDERR_FILENO);
        if (write(STDERR_FILENO, "\n", 1) < 0) return;
    }
}
