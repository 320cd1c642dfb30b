import CallSession
import Callers
import Telephony

/// The carrier of a scenario in virtual time: it brings the caller's frames, as late and as incomplete as the scenario's
/// network does, and plays the agent's.
///
/// Belongs to the task that holds the call.
final class VirtualLine: VirtualCarrier, CallerTelephone {
    private let caller: SimulatedCaller
    private var impairment: LineImpairment?
    private var playback = CarrierPlayback()
    private var spoken = [UInt8](repeating: 0xFF, count: 160)
    private var heard = [UInt8](repeating: 0xFF, count: 160)
    private var frames = 0
    private var delayed: [(due: Int, arrival: VirtualArrival)] = []
    private var arrivals: [VirtualArrival] = []
    private var thought: (() async -> ImprovisedCaller.Answer)?
    /// What was sent and heard, side by side (left: caller, right: agent), µ-law; nil where nobody wants it.
    private(set) var recording: [UInt8]?

    init(_ caller: SimulatedCaller, isRecorded: Bool) {
        self.caller = caller
        impairment = caller.impairment
        playback.keepsAudio = true
        recording = isRecorded ? [] : nil
        caller.take(self)
    }

    func beat(at now: Int) -> [VirtualArrival] {
        caller.beat(&spoken)
        transmit()
        let silence = playback.play(into: &heard, at: now)
        caller.hear(heard.span)
        if recording != nil { record() }
        if let silence { caller.hear(.agentFell(silent: .microseconds(silence * 125))) }
        while let name = playback.takeDueMark() {
            if let mark = PlayoutMark(name) { arrivals.append(.mark(mark)) }
        }
        defer { arrivals.removeAll(keepingCapacity: true) }
        return arrivals
    }

    /// - Parameter answer: makes up what the caller does next; time stands still meanwhile.
    func improvise(_ answer: @escaping () async -> ImprovisedCaller.Answer) {
        thought = answer
        // That one is wanted is seen at the next beat.
        caller.improvise = {}
    }

    func settle() async {
        guard caller.isThinking, let thought else { return }
        caller.does(await thought())
    }

    func play(_ audio: Span<UInt8>, at now: Int) {
        if playback.receive(audio, at: now) { caller.hear(.agentBegan(response: nil)) }
    }

    func mark(_ mark: PlayoutMark, at now: Int) { playback.mark("\(mark)") }

    func clear(at now: Int) { playback.clear(at: now) }

    func press(_ keys: String, at now: Int) { caller.hear(keys: keys) }

    func closed(reason: String, at now: Int) { caller.hear(.closed(reason: reason)) }

    func press(_ key: Character) { arrivals.append(.key(key)) }

    func hangUp() { arrivals.append(.stopped) }

    func letGo() {}

    private func transmit() {
        defer { frames += 1 }
        let arrival = VirtualArrival.audio(spoken, timestamp: frames * 20)
        guard let fate = impairment?.next() else { return arrivals.append(arrival) }
        if !fate.isLost {
            // The network keeps the order: what waits makes those behind it wait.
            delayed.append((max(frames + fate.delay, delayed.last?.due ?? 0), arrival))
        }
        while let first = delayed.first, first.due <= frames {
            delayed.removeFirst()
            arrivals.append(first.arrival)
        }
    }

    private func record() {
        for index in spoken.indices {
            recording?.append(spoken[index])
            recording?.append(heard[index])
        }
    }
}
