#pragma once
#include <alsa/asoundlib.h>

// The library prints its faults to standard error unless told otherwise; ours carry its words. A handler is variadic,
// which Swift cannot write.
static void parley_alsa_say_nothing(const char *file, int line, const char *function, int error, const char *format, ...) {
    (void)file; (void)line; (void)function; (void)error; (void)format;
}

static inline void parley_alsa_be_quiet(void) { snd_lib_error_set_handler(parley_alsa_say_nothing); }
