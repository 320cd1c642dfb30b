// Opus by the browser's own codecs (WebCodecs), where it has them: a tenth of the bandwidth of plain samples.

export const RATE = 48000;
export const PACKET = RATE / 50; // samples: 20 ms

const ENCODER = {
  codec: "opus", sampleRate: RATE, numberOfChannels: 1, bitrate: 24000,
  opus: { frameDuration: 20000, application: "voip", signal: "voice" },
};
const DECODER = { codec: "opus", sampleRate: RATE, numberOfChannels: 1 };

/** Whether this browser can do both. */
export async function isThere() {
  if (!globalThis.AudioEncoder || !globalThis.AudioDecoder) return false;
  try {
    const answers = await Promise.all([AudioEncoder.isConfigSupported(ENCODER), AudioDecoder.isConfigSupported(DECODER)]);
    return answers.every((answer) => answer.supported);
  } catch {
    return false; // A browser that does not know what it is asked.
  }
}

/** Makes packets of samples; `send` is given each. */
export class Encoder {
  #send;
  #codec;
  #time = 0;

  constructor(send) {
    this.#send = send;
    this.#open();
  }

  #open() {
    this.#codec = new AudioEncoder({
      output: (chunk) => {
        const packet = new Uint8Array(chunk.byteLength);
        chunk.copyTo(packet);
        this.#send(packet);
      },
      error: (error) => console.warn("The Opus encoder begins anew.", error),
    });
    this.#codec.configure(ENCODER);
  }

  /** 20 ms of 16-bit samples. */
  encode(buffer) {
    if (this.#codec.state === "closed") this.#open();
    // A machine that cannot keep up leaves something out and does not fall behind.
    if (this.#codec.encodeQueueSize > 10) return;
    const data = new AudioData({
      format: "s16", sampleRate: RATE, numberOfFrames: PACKET, numberOfChannels: 1, timestamp: this.#time, data: buffer,
    });
    this.#time += 20000;
    this.#codec.encode(data);
    data.close();
  }

  close() {
    if (this.#codec.state !== "closed") this.#codec.close();
  }
}

/** Makes samples of packets; `play` is given them, and the marks between them, in the order in which they came. */
export class Decoder {
  #play;
  #codec;
  #sent = 0; // packets given to the codec
  #done = 0; // packets it has given back, or lost
  #from = 0; // the first one that is wanted
  #marks = [];

  constructor(play) {
    this.#play = play;
    this.#open();
  }

  #open() {
    this.#codec = new AudioDecoder({
      output: (data) => this.#came(data),
      error: (error) => {
        console.warn("The Opus decoder begins anew.", error);
        this.#done = this.#sent;
        this.#passMarks();
      },
    });
    this.#codec.configure(DECODER);
  }

  #came(data) {
    // Some browsers hand a packet's time on, others count samples from the first one's: a packet's place among those of 20 ms is
    // its number for both.
    const number = Math.round(data.timestamp / 20000);
    if (number >= this.#from) {
      const samples = new Float32Array(data.numberOfFrames);
      data.copyTo(samples, { planeIndex: 0, format: "f32-planar" });
      this.#play({ audio: Int16Array.from(samples, (sample) => Math.max(-1, Math.min(1, sample)) * 32767) });
    }
    data.close();
    this.#done = Math.max(this.#done, number + 1);
    this.#passMarks();
  }

  #passMarks() {
    while (this.#marks.length && this.#marks[0].after <= this.#done) this.#play({ mark: this.#marks.shift().name });
  }

  decode(packet) {
    if (this.#codec.state === "closed") this.#open();
    this.#codec.decode(new EncodedAudioChunk({ type: "key", timestamp: this.#sent * 20000, data: packet }));
    this.#sent += 1;
  }

  /** A mark is reached when all before it has been. */
  mark(name) {
    this.#marks.push({ name, after: this.#sent });
    this.#passMarks();
  }

  /** What came so far is not wanted any more. */
  clear() {
    this.#from = this.#sent;
    this.#marks = [];
  }

  close() {
    if (this.#codec.state !== "closed") this.#codec.close();
  }
}
