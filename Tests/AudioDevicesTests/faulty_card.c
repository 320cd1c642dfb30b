// A sound card for tests, as an ALSA plugin: no kernel, but everything of ALSA's own that a card goes through.
//
// Its rate and channels are fixed. The microphone hears 400 Hz without an end; what the loudspeaker is given goes into a
// file. Files beside `state` say what happens to it: while `<state>.away` is there it is unplugged, `<state>.xrun` makes the
// next transfer run over or dry, once, and while `<state>.broken` is there each does. It has no clock: there is always a period to be read and room to be written.
#define PIC 1
#include <alsa/asoundlib.h>
#include <alsa/pcm_external.h>
#include <math.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct card {
    snd_pcm_ioplug_t io;
    char *state;
    unsigned int rate, channels;
    unsigned long played;
    FILE *heard;
};

static char *beside(const struct card *card, const char *ending) {
    static __thread char path[4096];
    snprintf(path, sizeof path, "%s.%s", card->state, ending);
    return path;
}

static int is_away(const struct card *card) { return access(beside(card, "away"), F_OK) == 0; }

static int start(snd_pcm_ioplug_t *io) { return is_away(io->private_data) ? -ENODEV : 0; }

static int stop(snd_pcm_ioplug_t *io) { return 0; }

static snd_pcm_sframes_t pointer(snd_pcm_ioplug_t *io) {
    struct card *card = io->private_data;
    if (is_away(card)) {
        snd_pcm_ioplug_set_state(io, SND_PCM_STATE_DISCONNECTED);
    } else if (unlink(beside(card, "xrun")) == 0 || access(beside(card, "broken"), F_OK) == 0) {
        return -EPIPE;
    }
    snd_pcm_uframes_t ahead = io->stream == SND_PCM_STREAM_CAPTURE ? io->period_size : 0;
    return (snd_pcm_sframes_t)((io->appl_ptr + ahead) % io->buffer_size);
}

static snd_pcm_sframes_t transfer(
    snd_pcm_ioplug_t *io, const snd_pcm_channel_area_t *areas, snd_pcm_uframes_t offset, snd_pcm_uframes_t size) {
    struct card *card = io->private_data;
    if (is_away(card)) return -ENODEV;
    for (snd_pcm_uframes_t frame = 0; frame < size; frame++, card->played++) {
        short tone = (short)(8000 * sin(2 * M_PI * 400 * (double)card->played / card->rate));
        for (unsigned int channel = 0; channel < card->channels; channel++) {
            const snd_pcm_channel_area_t *area = &areas[channel];
            short *sample = (short *)((char *)area->addr + (area->first + (offset + frame) * area->step) / 8);
            if (io->stream == SND_PCM_STREAM_CAPTURE)
                *sample = tone;
            else if (channel == 0 && card->heard)
                fwrite(sample, sizeof *sample, 1, card->heard);
        }
    }
    return (snd_pcm_sframes_t)size;
}

static int close_card(snd_pcm_ioplug_t *io) {
    struct card *card = io->private_data;
    if (card->heard) fclose(card->heard);
    close(io->poll_fd);
    free(card->state);
    free(card);
    return 0;
}

static const snd_pcm_ioplug_callback_t callbacks = {
    .start = start, .stop = stop, .pointer = pointer, .transfer = transfer, .close = close_card,
};

SND_PCM_PLUGIN_DEFINE_FUNC(parley_faulty) {
    struct card *card = calloc(1, sizeof *card);
    if (!card) return -ENOMEM;
    card->rate = 48000;
    card->channels = 1;
    snd_config_iterator_t i, next;
    snd_config_for_each(i, next, conf) {
        snd_config_t *entry = snd_config_iterator_entry(i);
        const char *id, *text;
        long number;
        if (snd_config_get_id(entry, &id) < 0) continue;
        if (strcmp(id, "state") == 0 && snd_config_get_string(entry, &text) == 0) card->state = strdup(text);
        if (strcmp(id, "rate") == 0 && snd_config_get_integer(entry, &number) == 0) card->rate = (unsigned int)number;
        if (strcmp(id, "channels") == 0 && snd_config_get_integer(entry, &number) == 0)
            card->channels = (unsigned int)number;
    }
    if (!card->state || is_away(card)) {
        int status = card->state ? -ENODEV : -EINVAL;
        free(card->state);
        free(card);
        return status;
    }
    if (stream == SND_PCM_STREAM_PLAYBACK) card->heard = fopen(beside(card, "played"), "a");
    card->io.version = SND_PCM_IOPLUG_VERSION;
    card->io.name = "A sound card for tests";
    card->io.callback = &callbacks;
    card->io.private_data = card;
    // Always ready.
    card->io.poll_fd = eventfd(1, 0);
    card->io.poll_events = POLLIN;
    int status = snd_pcm_ioplug_create(&card->io, name, stream, mode);
    if (status < 0) return status;
    static const unsigned int access[] = {SND_PCM_ACCESS_RW_INTERLEAVED};
    static const unsigned int format[] = {SND_PCM_FORMAT_S16_LE};
    snd_pcm_ioplug_set_param_list(&card->io, SND_PCM_IOPLUG_HW_ACCESS, 1, access);
    snd_pcm_ioplug_set_param_list(&card->io, SND_PCM_IOPLUG_HW_FORMAT, 1, format);
    snd_pcm_ioplug_set_param_minmax(&card->io, SND_PCM_IOPLUG_HW_CHANNELS, card->channels, card->channels);
    snd_pcm_ioplug_set_param_minmax(&card->io, SND_PCM_IOPLUG_HW_RATE, card->rate, card->rate);
    snd_pcm_ioplug_set_param_minmax(&card->io, SND_PCM_IOPLUG_HW_PERIOD_BYTES, 64, 1 << 16);
    snd_pcm_ioplug_set_param_minmax(&card->io, SND_PCM_IOPLUG_HW_PERIODS, 2, 16);
    *pcmp = card->io.pcm;
    return 0;
}

SND_PCM_PLUGIN_SYMBOL(parley_faulty);
