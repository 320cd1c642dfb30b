// What calls cost at the least: a server of the Twilio media dialect with one thread, no TLS and nothing that a call
// service is for. Benchmarks/run compiles it and measures it with the driver that measures Parley, in the same run.
//
//   floor PORT echo     every media message goes back as it came
//   floor PORT converse base64 and µ-law are decoded, an energy detector looks for the end of the caller's turn, and a
//                       tone is encoded and sent in return, a message each 20 ms
//
// Serves loopback only, until it is terminated. It knows the driver's way of writing the dialect and no other.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { FRAME = 160, MOST_CALLS = 4096, RECEIVED = 16384, REPLY_FRAMES = 125, PAUSE_FRAMES = 26, ONSET_FRAMES = 3 };

struct call {
    int fd;
    bool is_open;
    char stream[64];
    size_t held;
    unsigned char received[RECEIVED];
    float noise;
    int voiced, silent, playing, phase;
    bool has_spoken;
};

static bool echoes;
static struct call *calls[MOST_CALLS];
static int16_t linear[256];
static int16_t tone[FRAME];
static signed char from64[256];
static const char to64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// MARK: Codecs

static void fill_tables(void) {
    for (int code = 0; code < 256; code++) {
        int value = ~code & 0xFF, magnitude = ((((value & 0x0F) << 3) + 0x84) << ((value & 0x70) >> 4)) - 0x84;
        linear[code] = (int16_t)(value & 0x80 ? -magnitude : magnitude);
    }
    for (int index = 0; index < FRAME; index++) tone[index] = (int16_t)(6000 * sin(2 * M_PI * 400 * index / 8000));
    memset(from64, -1, sizeof from64);
    for (int index = 0; index < 64; index++) from64[(unsigned char)to64[index]] = (signed char)index;
}

static unsigned char mu_law(int sample) {
    int sign = sample < 0 ? 0x80 : 0, magnitude = (sample < 0 ? -sample : sample) + 0x84, segment = 7;
    if (magnitude > 0x7FFF) magnitude = 0x7FFF;
    while (segment > 0 && !(magnitude & (0x80 << segment))) segment--;
    return (unsigned char)~(sign | segment << 4 | ((magnitude >> (segment + 3)) & 0x0F));
}

static size_t encode64(const unsigned char *bytes, size_t count, char *text) {
    char *end = text;
    for (size_t index = 0; index < count; index += 3) {
        uint32_t group = (uint32_t)bytes[index] << 16;
        if (index + 1 < count) group |= (uint32_t)bytes[index + 1] << 8;
        if (index + 2 < count) group |= bytes[index + 2];
        *end++ = to64[group >> 18];
        *end++ = to64[group >> 12 & 63];
        *end++ = index + 1 < count ? to64[group >> 6 & 63] : '=';
        *end++ = index + 2 < count ? to64[group & 63] : '=';
    }
    return (size_t)(end - text);
}

static size_t decode64(const char *text, size_t count, unsigned char *bytes, size_t limit) {
    uint32_t group = 0;
    int bits = 0;
    size_t written = 0;
    for (size_t index = 0; index < count && from64[(unsigned char)text[index]] >= 0; index++) {
        group = group << 6 | (uint32_t)from64[(unsigned char)text[index]];
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        if (written < limit) bytes[written++] = (unsigned char)(group >> bits);
    }
    return written;
}

// RFC 3174, for the handshake; texts of up to 119 bytes.
static void sha1(const char *text, unsigned char digest[20]) {
    uint32_t h[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0}, w[80];
    unsigned char message[128] = {0};
    size_t length = strlen(text), size = length < 56 ? 64 : 128;
    memcpy(message, text, length);
    message[length] = 0x80;
    for (int index = 0; index < 4; index++) message[size - 1 - index] = (unsigned char)(length * 8 >> 8 * index);
    for (size_t block = 0; block < size; block += 64) {
        for (int t = 0; t < 16; t++) {
            const unsigned char *m = message + block + t * 4;
            w[t] = (uint32_t)m[0] << 24 | (uint32_t)m[1] << 16 | (uint32_t)m[2] << 8 | m[3];
        }
        for (int t = 16; t < 80; t++) {
            uint32_t x = w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16];
            w[t] = x << 1 | x >> 31;
        }
        uint32_t a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
        for (int t = 0; t < 80; t++) {
            uint32_t f = t < 20 ? (b & c) | (~b & d) : t < 40 || t >= 60 ? b ^ c ^ d : (b & c) | (b & d) | (c & d);
            uint32_t k = t < 20 ? 0x5A827999 : t < 40 ? 0x6ED9EBA1 : t < 60 ? 0x8F1BBCDC : 0xCA62C1D6;
            uint32_t next = (a << 5 | a >> 27) + f + e + k + w[t];
            e = d, d = c, c = b << 30 | b >> 2, b = a, a = next;
        }
        h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e;
    }
    for (int index = 0; index < 20; index++) digest[index] = (unsigned char)(h[index / 4] >> (24 - index % 4 * 8));
}

// MARK: Sockets

static void drop(struct call *call) {
    calls[call->fd] = NULL;
    close(call->fd);
    free(call);
}

// A socket that takes no more is a call that is lost; the driver counts it.
static bool put(struct call *call, const void *bytes, size_t count) {
    if (send(call->fd, bytes, count, MSG_NOSIGNAL) == (ssize_t)count) return true;
    drop(call);
    return false;
}

static bool put_frame(struct call *call, int opcode, const char *text, size_t count) {
    unsigned char frame[1024];
    size_t head = count < 126 ? 2 : 4;
    frame[0] = (unsigned char)(0x80 | opcode);
    if (head == 2) frame[1] = (unsigned char)count;
    else frame[1] = 126, frame[2] = (unsigned char)(count >> 8), frame[3] = (unsigned char)count;
    if (head + count > sizeof frame) return drop(call), false;
    memcpy(frame + head, text, count);
    return put(call, frame, head + count);
}

static bool put_media(struct call *call, const char *payload, size_t count) {
    char text[1000];
    int length = snprintf(
        text, sizeof text, "{\"event\":\"media\",\"streamSid\":\"%s\",\"media\":{\"payload\":\"%.*s\"}}", call->stream,
        (int)count, payload);
    if (length >= (int)sizeof text) return drop(call), false;
    return put_frame(call, 1, text, (size_t)length);
}

// MARK: The call

static const char *field(const char *text, size_t count, const char *name, size_t *length) {
    const char *start = memmem(text, count, name, strlen(name));
    if (!start) return NULL;
    start += strlen(name);
    const char *end = memchr(start, '"', count - (size_t)(start - text));
    if (!end) return NULL;
    *length = (size_t)(end - start);
    return start;
}

static void listen_to(struct call *call, const char *payload, size_t count) {
    unsigned char bytes[FRAME * 2];
    size_t samples = decode64(payload, count, bytes, sizeof bytes);
    float energy = 1;
    for (size_t index = 0; index < samples; index++) energy += (float)linear[bytes[index]] * (float)linear[bytes[index]];
    energy /= (float)(samples ? samples : 1);
    call->noise = energy < call->noise ? energy : call->noise * 1.005f + 1;
    bool is_voiced = energy > call->noise * 10 && energy > 10000;
    call->voiced = is_voiced ? call->voiced + 1 : 0;
    call->silent = is_voiced ? 0 : call->silent + 1;
    if (call->voiced >= ONSET_FRAMES) call->has_spoken = true;
    if (!call->has_spoken || call->silent < PAUSE_FRAMES) return;
    call->has_spoken = false;
    call->playing = REPLY_FRAMES;
}

static bool say(struct call *call) {
    unsigned char bytes[FRAME];
    char text[FRAME * 2];
    for (int index = 0; index < FRAME; index++) bytes[index] = mu_law(tone[index]);
    if (!put_media(call, text, encode64(bytes, FRAME, text))) return false;
    if (--call->playing > 0) return true;
    int length = snprintf(
        text, sizeof text, "{\"event\":\"mark\",\"streamSid\":\"%s\",\"mark\":{\"name\":\"end\"}}", call->stream);
    return put_frame(call, 1, text, (size_t)length);
}

static bool hear(struct call *call, const char *text, size_t count) {
    size_t length;
    const char *event = field(text, count, "\"event\":\"", &length);
    if (!event) return true;
    if (length == 5 && !memcmp(event, "media", 5)) {
        const char *payload = field(text, count, "\"payload\":\"", &length);
        if (!payload) return true;
        if (echoes) return put_media(call, payload, length);
        listen_to(call, payload, length);
    } else if (length == 5 && !memcmp(event, "start", 5)) {
        const char *stream = field(text, count, "\"streamSid\":\"", &length);
        if (stream && length < sizeof call->stream) memcpy(call->stream, stream, length);
        if (!echoes) call->playing = REPLY_FRAMES;
    }
    return true;
}

// Upgrades the connection once its request is whole.
static bool shake(struct call *call) {
    const char *end = memmem(call->received, call->held, "\r\n\r\n", 4);
    if (!end) return call->held < RECEIVED || (drop(call), false);
    const char *key = (const char *)memmem(call->received, call->held, "Key: ", 5);
    if (!key) key = (const char *)memmem(call->received, call->held, "key: ", 5);
    char text[128] = {0}, answer[256];
    unsigned char digest[20];
    size_t length = key ? strcspn(key + 5, "\r\n ") : 0;
    if (length == 0 || length > 60) return drop(call), false;
    memcpy(text, key + 5, length);
    strcat(text, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
    sha1(text, digest);
    size_t written = encode64(digest, sizeof digest, text);
    int count = snprintf(
        answer, sizeof answer,
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %.*s\r\n\r\n",
        (int)written, text);
    size_t used = (size_t)(end + 4 - (const char *)call->received);
    memmove(call->received, call->received + used, call->held -= used);
    call->is_open = true;
    return put(call, answer, (size_t)count);
}

// Takes whole frames off what was received.
static void read_frames(struct call *call) {
    size_t at = 0;
    while (call->held - at >= 6) {
        unsigned char *frame = call->received + at;
        size_t count = frame[1] & 0x7F, head = 2;
        if (count == 126) count = (size_t)frame[2] << 8 | frame[3], head = 4;
        if (count == 127 || !(frame[1] & 0x80) || head + 4 + count > RECEIVED) return drop(call);
        if (call->held - at < head + 4 + count) break;
        unsigned char *mask = frame + head, *text = mask + 4;
        for (size_t index = 0; index < count; index++) text[index] ^= mask[index & 3];
        int opcode = frame[0] & 0x0F;
        if (opcode == 8) {
            if (put_frame(call, 8, (const char *)text, count < 2 ? 0 : 2)) drop(call);
            return;
        }
        if (opcode == 9 ? !put_frame(call, 10, (const char *)text, count) : !hear(call, (const char *)text, count)) return;
        at += head + 4 + count;
    }
    memmove(call->received, call->received + at, call->held -= at);
}

static void take(struct call *call) {
    ssize_t count = recv(call->fd, call->received + call->held, RECEIVED - call->held, 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) return drop(call);
    call->held += (size_t)count;
    if (!call->is_open && !shake(call)) return;
    if (call->is_open) read_frames(call);
}

static void welcome(int listener, int poll) {
    int fd;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        struct call *call = fd < MOST_CALLS ? calloc(1, sizeof *call) : NULL;
        if (!call) {
            close(fd);
            continue;
        }
        call->fd = fd;
        call->noise = 1e9f;
        calls[fd] = call;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
        epoll_ctl(poll, EPOLL_CTL_ADD, fd, &(struct epoll_event){.events = EPOLLIN, .data.fd = fd});
    }
}

int main(int count, char **words) {
    if (count != 3 || (strcmp(words[2], "echo") && strcmp(words[2], "converse")))
        return fprintf(stderr, "usage: floor PORT echo|converse\n"), 2;
    echoes = !strcmp(words[2], "echo");
    fill_tables();
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), poll = epoll_create1(EPOLL_CLOEXEC);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(words[1]))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 512))
        return fprintf(stderr, "floor: port %s of 127.0.0.1: %s\n", words[1], strerror(errno)), 1;
    int beat = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    struct itimerspec every = {{0, 20000000}, {0, 20000000}};
    timerfd_settime(beat, 0, &every, NULL);
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &(struct epoll_event){.events = EPOLLIN, .data.fd = listener});
    epoll_ctl(poll, EPOLL_CTL_ADD, beat, &(struct epoll_event){.events = EPOLLIN, .data.fd = beat});
    printf("ready\n");
    fflush(stdout);
    for (;;) {
        struct epoll_event events[256];
        int ready = epoll_wait(poll, events, 256, -1);
        for (int index = 0; index < ready; index++) {
            int fd = events[index].data.fd;
            uint64_t beats;
            if (fd == listener) {
                welcome(listener, poll);
            } else if (fd == beat) {
                if (read(beat, &beats, sizeof beats) != sizeof beats) continue;
                for (int call = 0; call < MOST_CALLS; call++)
                    if (calls[call] && calls[call]->is_open && calls[call]->playing > 0) say(calls[call]);
            } else if (calls[fd]) {
                take(calls[fd]);
            }
        }
    }
}
