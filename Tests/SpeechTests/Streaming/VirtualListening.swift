import AudioCore
import Speech

@testable import Emulators
@testable import Speech

/// The parts of a session that hears a stream, and a vendor behind a network of some delay, in virtual time: what
/// `StreamingRecognitionSession` does with a socket and timers is done here with a queue.
final class VirtualListening {
    struct Vendor: Sendable {
        var stream = DeepgramEmulatorStream.Settings()
        /// One way, in milliseconds.
        var network = 30
        /// From audio to its result, in milliseconds.
        var thinking = 120
        /// In milliseconds; nil never kills.
        var killEvery: Int?
        /// Kills at these moments, in milliseconds.
        var kills: Set<Int> = []
        /// How much faster than real time it takes a backlog.
        var pace = 1.25
    }

    private enum Sent {
        case audio([UInt8])
        case finalize
    }

    private let script: SpelledScript
    private let vendor: Vendor
    private let inlet = SampleRing<UInt8>(minimumCapacity: 8000, silence: 0xFF)
    private var assembler: SegmentAssembler
    private var audio: OutgoingAudio
    private var backoff = ReconnectBackoff()
    private var stream: DeepgramEmulatorStream?
    /// When the client has a connection; nil while it has one.
    private var opensAt: Int? = 0
    private var sent: [(at: Int, Sent)] = []
    private var results: [(at: Int, DeepgramEmulatorStream.Result)] = []
    private(set) var kills = 0
    private(set) var failures = 0
    private(set) var words: [String] = []
    /// From the end of an utterance to its words, in milliseconds.
    private(set) var longestWait = 0
    private var finishedAt: [UtteranceID: Int] = [:]
    private var now = 0

    /// - Parameter longestReplay: see ``SegmentAssembler/Settings``.
    init(_ script: SpelledScript, _ vendor: Vendor, longestReplay: Duration? = nil) {
        self.script = script
        self.vendor = vendor
        audio = OutgoingAudio(
            bytesPerSecond: 8000, frame: .milliseconds(80), restFrame: .milliseconds(240), history: .seconds(15),
            pace: vendor.pace)
        var settings = SegmentAssembler.Settings()
        settings.provider = "virtual"
        if let longestReplay { settings.longestReplay = longestReplay }
        assembler = SegmentAssembler(settings)
    }

    func run() {
        var events: [(at: Int, body: () -> Void)] = []
        for (index, utterance) in script.utterances.enumerated() {
            let id = UtteranceID(UInt32(index + 1))
            // Our own detector is sure of a voice after 60 ms, and of its end after 300.
            events.append((utterance.start / 8 + 60, { self.assembler.begin(id, at: self.position) }))
            events.append((utterance.end / 8 + 300, { self.finish(id) }))
        }
        var next = 0
        // What is said last has its time, too.
        for millisecond in stride(from: 0, to: script.length / 8 + 4000, by: 10) {
            now = millisecond
            if millisecond % 20 == 0 {
                inlet.write(script.frame(at: millisecond * 8).span)
                audio.drain(inlet, keeping: assembler.oldestNeeded)
            }
            while next < events.count, events[next].at <= now {
                events[next].body()
                next += 1
            }
            if let period = vendor.killEvery, now > 0, now % period == 0 { kill() }
            if vendor.kills.contains(now) { kill() }
            serve()
            pump()
            perform(assembler.expire(now: .milliseconds(now)))
        }
    }

    private var position: Int { audio.end }

    private func finish(_ id: UtteranceID) {
        finishedAt[id] = now
        perform(assembler.finish(id, at: position, now: .milliseconds(now)))
    }

    /// The socket is gone, and everything on its way with it.
    private func kill() {
        guard opensAt == nil else { return }
        kills += 1
        stream = nil
        sent = []
        results = []
        audio.disconnected(resume: assembler.disconnected(at: audio.end))
        let wait = backoff.next(jitter: 0)
        // A handshake takes two ways, and TLS two more.
        opensAt = now + Int(wait / .milliseconds(1)) + 4 * vendor.network
    }

    private func serve() {
        if let time = opensAt, time <= now {
            opensAt = nil
            stream = DeepgramEmulatorStream(transcripts: ["none"], settings: vendor.stream)
            audio.connected(now: .milliseconds(now))
            assembler.connected(at: audio.position)
        }
        while let first = sent.first, first.at <= now {
            sent.removeFirst()
            switch first.1 {
            case .audio(let bytes):
                stream?.hear(bytes.span, power: DeepgramEmulatorStream.muLawPower) { tell($0) }
            case .finalize: if let result = stream?.finalize() { tell(result) }
            }
        }
        while let first = results.first, first.at <= now {
            results.removeFirst()
            backoff.succeeded()
            perform(assembler.received(RecognizedSegment(first.1)))
        }
    }

    private func tell(_ result: DeepgramEmulatorStream.Result) {
        results.append((now + vendor.thinking + vendor.network, result))
    }

    private func pump() {
        audio.isResting = assembler.isIdle
        guard opensAt == nil else { return }
        if audio.skipIdle() { assembler.connected(at: audio.position - audio.sentOnConnection) }
        while true {
            switch audio.next(boundary: assembler.nextFinalize, now: .milliseconds(now)) {
            case .idle, .wait: return
            case .boundary:
                sent.append((now + vendor.network, .finalize))
                assembler.finalizeSent(now: .milliseconds(now))
            case .send(let count):
                var bytes: [UInt8] = []
                _ = audio.withFrame(count) { frame in
                    for index in frame.indices { bytes.append(frame[index]) }
                    return true
                }
                sent.append((now + vendor.network, .audio(bytes)))
            }
        }
    }

    private func perform(_ actions: [SegmentAssembler.Action]) {
        for case .emit(let event) in actions {
            switch event {
            case .final(let transcript):
                words += transcript.text.split(separator: " ").map(String.init)
                longestWait = max(longestWait, now - (finishedAt[transcript.utterance] ?? now))
            case .nothingHeard, .failed: failures += 1
            case .interim, .provisional, .endOfTurn, .taken: break
            }
        }
    }
}

extension RecognizedSegment {
    fileprivate init(_ result: DeepgramEmulatorStream.Result) {
        self.init(
            start: Double(result.start) / 8000, duration: Double(result.end - result.start) / 8000,
            isFinal: result.isFinal, speechFinal: result.speechFinal, fromFinalize: result.fromFinalize,
            transcript: result.words.map(\.text).joined(separator: " "),
            words: result.words.map {
                Word(word: $0.text, start: Double($0.start) / 8000, end: Double($0.end) / 8000, confidence: 0.9)
            })
    }
}
