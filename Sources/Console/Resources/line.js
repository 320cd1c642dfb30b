// A call from this browser: microphone and loudspeaker on one side, Parley's browser dialect (docs/carriers.md) on the other.

import * as opus from "./opus.js";

const PLAIN_RATE = 16000;

export class Line {
  /**
   * `heard` is called with the dialect's messages, and with `{ event: "levels" }` and `{ event: "closed" }` of our own.
   * `headStart` ms are gathered before anything is played, for audio that comes unpaced.
   */
  constructor(heard, headStart = 0) {
    this.heard = heard;
    this.headStart = headStart;
  }

  /** Asks for the microphone first, so that no call waits for somebody who has to allow it. */
  async open(invite) {
    if (!navigator.mediaDevices) throw new Error("Browsers give a microphone to pages on https and on localhost only.");
    try {
      this.microphone = await navigator.mediaDevices.getUserMedia({
        audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true },
      });
    } catch (error) {
      throw new Error(error.name === "NotAllowedError" ? "The browser did not allow the microphone; allow it in the address bar and try again." : `There is no microphone to use (${error.name}).`);
    }
    try {
      this.isOpus = await opus.isThere();
      this.context = new AudioContext({ sampleRate: this.isOpus ? opus.RATE : PLAIN_RATE, latencyHint: "interactive" });
      await this.context.audioWorklet.addModule(new URL("audio-worklet.js", import.meta.url));
      this.node = new AudioWorkletNode(this.context, "line", { outputChannelCount: [1], processorOptions: { headStart: this.headStart } });
      this.node.port.onmessage = ({ data }) => this.fromAudio(data);
      this.context.createMediaStreamSource(this.microphone).connect(this.node).connect(this.context.destination);
      await this.context.resume();
      const invitation = await invite();
      this.connect(invitation);
      return invitation;
    } catch (error) {
      this.release();
      throw error;
    }
  }

  connect({ url, call, token }) {
    this.socket = new WebSocket(url);
    this.socket.binaryType = "arraybuffer";
    if (this.isOpus) {
      this.encoder = new opus.Encoder((packet) => this.carry(packet));
      this.decoder = new opus.Decoder((item) => this.node.port.postMessage(item, item.audio ? [item.audio.buffer] : []));
    }
    const format = this.isOpus ? { codec: "opus" } : { rate: PLAIN_RATE };
    this.socket.onopen = () => this.send({ event: "start", call, token, ...format });
    this.socket.onmessage = ({ data }) => (typeof data === "string" ? this.fromService(JSON.parse(data)) : this.play(data));
    this.socket.onclose = ({ code, reason }) => {
      this.release();
      this.heard({ event: "closed", code, reason });
    };
  }

  fromService(message) {
    if (message.event === "started") this.isOn = true;
    else if (message.event === "mark") {
      if (this.decoder) this.decoder.mark(message.name);
      else this.node.port.postMessage({ mark: message.name });
    } else if (message.event === "clear") {
      this.decoder?.clear();
      this.node.port.postMessage({ clear: true });
    }
    this.heard(message);
  }

  fromAudio({ audio, mark, levels }) {
    if (levels) this.heard({ event: "levels", caller: levels[0], agent: levels[1] });
    else if (mark !== undefined) this.send({ event: "mark", name: mark });
    else if (this.encoder && this.isOn) this.encoder.encode(audio);
    else this.carry(audio);
  }

  carry(audio) {
    if (this.isOn && this.socket.readyState === WebSocket.OPEN) this.socket.send(audio);
  }

  play(buffer) {
    if (this.decoder) {
      this.decoder.decode(buffer);
      return;
    }
    const audio = new Int16Array(buffer);
    this.node.port.postMessage({ audio }, [buffer]);
  }

  press(key) { this.send({ event: "key", key }); }

  hangUp() {
    this.send({ event: "hangup" });
    this.socket?.close(1000);
    this.release();
  }

  send(message) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  release() {
    this.isOn = false;
    this.encoder?.close();
    this.decoder?.close();
    this.encoder = this.decoder = undefined;
    this.microphone?.getTracks().forEach((track) => track.stop());
    if (this.context && this.context.state !== "closed") this.context.close();
  }
}
