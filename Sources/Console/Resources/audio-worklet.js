// Runs on the browser's audio thread: the microphone in pieces of 20 ms, and the agent's voice as it comes.

const PIECE = sampleRate / 50;
const LEVELS_EVERY = Math.round(0.064 * sampleRate / 128); // blocks of 128 samples: 64 ms

class LineProcessor extends AudioWorkletProcessor {
  constructor({ processorOptions }) {
    super();
    this.headStart = ((processorOptions?.headStart ?? 0) * sampleRate) / 1000; // samples
    this.waiting = 0; // samples of the queue
    this.isPlaying = false;
    this.piece = new Int16Array(PIECE);
    this.filled = 0;
    this.queue = [];
    this.offset = 0;
    this.blocks = 0;
    this.peaks = [0, 0];
    this.port.onmessage = ({ data }) => {
      if (data.clear) {
        // The caller interrupts: what was not played is not played, and the marks in it are not reached.
        this.queue = [];
        this.offset = 0;
        this.waiting = 0;
      } else {
        this.queue.push(data);
        this.waiting += data.audio?.length ?? 0;
      }
    };
  }

  process([input], [output]) {
    this.capture(input[0]);
    this.play(output[0]);
    for (const channel of output.slice(1)) channel.set(output[0]);
    this.blocks += 1;
    if (this.blocks % LEVELS_EVERY === 0) {
      this.port.postMessage({ levels: this.peaks });
      this.peaks = [0, 0];
    }
    return true;
  }

  capture(samples) {
    // Without a microphone the line carries silence: its clock is the caller's.
    const count = samples?.length ?? 128;
    for (let index = 0; index < count; index += 1) {
      const sample = Math.max(-1, Math.min(1, samples?.[index] ?? 0));
      this.peaks[0] = Math.max(this.peaks[0], Math.abs(sample));
      this.piece[this.filled] = sample * 32767;
      this.filled += 1;
      if (this.filled < PIECE) continue;
      this.port.postMessage({ audio: this.piece.buffer }, [this.piece.buffer]);
      this.piece = new Int16Array(PIECE);
      this.filled = 0;
    }
  }

  play(samples) {
    let place = 0;
    // Run dry, it gathers anew.
    if (this.waiting === 0) this.isPlaying = false;
    if (this.waiting >= this.headStart) this.isPlaying = true;
    if (!this.isPlaying) return;
    while (this.queue.length) {
      const next = this.queue[0];
      if (next.mark !== undefined) {
        this.queue.shift();
        this.port.postMessage({ mark: next.mark });
        continue;
      }
      if (place === samples.length) return;
      const count = Math.min(next.audio.length - this.offset, samples.length - place);
      for (let index = 0; index < count; index += 1) {
        const sample = next.audio[this.offset + index] / 32768;
        samples[place + index] = sample;
        this.peaks[1] = Math.max(this.peaks[1], Math.abs(sample));
      }
      place += count;
      this.offset += count;
      this.waiting -= count;
      if (this.offset === next.audio.length) {
        this.queue.shift();
        this.offset = 0;
      }
    }
  }
}

registerProcessor("line", LineProcessor);

const HEAD_START = 1600; // samples at 8 kHz: 0.2 s against jitter
const TOO_LATE = 8000; // what has piled up beyond a second is skipped

/** Plays interleaved stereo as it comes. */
class ListenProcessor extends AudioWorkletProcessor {
  constructor() {
    super();
    this.queue = [];
    this.offset = 0;
    this.held = 0;
    this.isPlaying = false;
    this.port.onmessage = ({ data }) => {
      this.queue.push(data);
      this.held += data.length / 2;
      while (this.held > TOO_LATE && this.queue.length > 1) {
        this.held -= (this.queue.shift().length - this.offset) / 2;
        this.offset = 0;
      }
      if (this.held >= HEAD_START) this.isPlaying = true;
    };
  }

  process(_, [[left, right]]) {
    for (let index = 0; index < left.length && this.isPlaying; index += 1) {
      const next = this.queue[0];
      if (!next) {
        this.isPlaying = false;
        break;
      }
      const [caller, agent] = [next[this.offset] / 32768, next[this.offset + 1] / 32768];
      // A little to the left and right, not all the way: one ear hears both.
      left[index] = caller + 0.4 * agent;
      right[index] = agent + 0.4 * caller;
      this.offset += 2;
      this.held -= 1;
      if (this.offset >= next.length) {
        this.queue.shift();
        this.offset = 0;
      }
    }
    return true;
  }
}

registerProcessor("listen", ListenProcessor);
