import AudioCore
import AudioDevices
import Callers
import Codecs
import Networking

/// Somebody at a desk as a caller: the device's clock is the line's beat.
///
/// Confined to its loop's thread, like its line.
final class DeskCaller: @unchecked Sendable {
    // @unchecked: made anywhere, used on its loop only.

    /// Beats of silence after which a caller who has nothing more to say hangs up: 4 seconds.
    private static let patience = 200

    private let audio: any CallerAudio
    private let report: @Sendable (MicCall.Update) -> Void
    private var line: CarrierLine?
    private var gate: MicrophoneGate
    private var next: [Int16] = []
    private var beats = 0
    private var quietBeats = 0
    private var isAgentTalking = false
    private var own = LevelMeter()
    private var others = LevelMeter()

    init(
        audio: any CallerAudio, gate: MicrophoneGate, report: @escaping @Sendable (MicCall.Update) -> Void
    ) {
        self.audio = audio
        self.gate = gate
        self.report = report
    }

    func dial(_ call: CarrierLine.Call, on loop: EventLoop) {
        let line = CarrierLine(call, on: loop, beatsByItself: false) { [weak self] event in self?.hear(event) }
        line.mouth = { [weak self] frame in self?.speak(into: &frame) }
        line.ear = { [weak self] frame in self?.hear(frame) }
        self.line = line
        line.dial()
    }

    /// The next 20 ms of the microphone.
    func beat(_ frame: [Int16]) {
        beats += 1
        next = gate.isOpen(at: beats) ? frame : [Int16](repeating: 0, count: frame.count)
        own.add(next.span)
        line?.beat()
        if beats % 5 == 0 {
            report(.levels(caller: own.rms, agent: others.rms, isOpen: gate.isOpen(at: beats)))
            own.reset()
            others.reset()
        }
        if beats % 50 == 0 { report(.device(audio.counters)) }
        quietBeats = audio.isOver && !isAgentTalking ? quietBeats + 1 : 0
        if quietBeats == Self.patience { hangUp() }
    }

    func obey(_ control: MicCall.Control) {
        switch control {
        case .mute: gate.toggleMute()
        case .pushToTalk: gate.togglePushToTalk()
        case .talk: gate.talk(at: beats)
        case .key(let key): line?.press(key)
        case .hangUp: hangUp()
        }
        report(.gate(gate))
    }

    func hangUp() { line?.hangUp() }

    private func speak(into frame: inout [UInt8]) {
        for index in frame.indices { frame[index] = index < next.count ? MuLaw.encode(next[index]) : 0xFF }
    }

    private func hear(_ frame: Span<UInt8>) {
        var samples: [Int16] = []
        samples.reserveCapacity(frame.count)
        for index in frame.indices { samples.append(MuLaw.decode(frame[index])) }
        others.add(samples.span)
        audio.play(samples)
    }

    private func hear(_ event: CarrierLine.Event) {
        switch event {
        case .agentBegan: isAgentTalking = true
        case .agentFell:
            isAgentTalking = false
            audio.agentWaits()
        case .closed(let reason):
            line = nil
            report(.closed(reason: reason))
        case .opened, .cleared, .clipEnded: break
        }
    }
}
