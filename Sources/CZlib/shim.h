#pragma once
#include <zlib.h>

// deflateInit2 and inflateInit2 are macros. Negative bits of the window: bare streams, without a head and a checksum of their own.

static inline int parley_deflate_begin(z_stream *stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, -14, 7, Z_DEFAULT_STRATEGY);
}

static inline int parley_inflate_begin(z_stream *stream) { return inflateInit2(stream, -14); }

// A whole text in one step, begun with a dictionary. Returns the bytes that were written; -1 where they do not fit.
static inline long parley_deflate(
    z_stream *stream, const unsigned char *dictionary, unsigned dictionary_length, const unsigned char *input,
    unsigned input_length, unsigned char *output, unsigned capacity) {
    if (deflateReset(stream) != Z_OK) return -1;
    if (deflateSetDictionary(stream, dictionary, dictionary_length) != Z_OK) return -1;
    stream->next_in = (unsigned char *)input;
    stream->avail_in = input_length;
    stream->next_out = output;
    stream->avail_out = capacity;
    return deflate(stream, Z_FINISH) == Z_STREAM_END ? (long)(capacity - stream->avail_out) : -1;
}

// The way back. Returns the bytes that were written; -1 where the input is no such stream, or is longer than there is room.
static inline long parley_inflate(
    z_stream *stream, const unsigned char *dictionary, unsigned dictionary_length, const unsigned char *input,
    unsigned input_length, unsigned char *output, unsigned capacity) {
    if (inflateReset(stream) != Z_OK) return -1;
    if (inflateSetDictionary(stream, dictionary, dictionary_length) != Z_OK) return -1;
    stream->next_in = (unsigned char *)input;
    stream->avail_in = input_length;
    stream->next_out = output;
    stream->avail_out = capacity;
    return inflate(stream, Z_FINISH) == Z_STREAM_END ? (long)(capacity - stream->avail_out) : -1;
}
