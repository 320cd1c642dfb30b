import AudioCore
import Emulators
import Foundation
import Logging
import Networking
import TestSupport
import Testing

@testable import Emulators
@testable import Speech

/// Ten minutes of a caller whose recognizer's socket is killed again and again, by what is heard: the emulator knows words by
/// their sound.
@Suite("A recognizer whose socket is killed again and again")
struct LostConnectionTests {
    /// As Deepgram's Nova, with finals in mid-speech, or as Flux, without.
    enum Kind: String, Sendable, CaseIterable {
        case segments, turns

        var vendor: VirtualListening.Vendor {
            var vendor = VirtualListening.Vendor()
            vendor.stream.hearsSpelling = true
            vendor.stream.interimInterval = self == .segments ? 8000 : 2000
            if self == .turns {
                vendor.stream.segmentLength = .max / 2
                vendor.stream.silenceLength = .max / 2
            }
            return vendor
        }
    }

    private static let tenMinutes = 600 * 8000

    @Test("ten minutes lose no word and double none, as an uninterrupted run", arguments: Kind.allCases)
    func virtual(kind: Kind) async {
        await Self.eachSeed { Self.virtual(kind, seed: $0) }
    }

    /// Four of them, one on each core: in virtual time nothing is waited for.
    private static func eachSeed(_ body: @escaping @Sendable (Int) -> Void) async {
        await AtOnce.each(1...4, atMost: 2, { body($0) }, failed: { Issue.record($1, "seed \($0)") })
    }

    private static func virtual(_ kind: Kind, seed: Int) {
        let script = SpelledScript(length: Self.tenMinutes, seed: UInt64(seed))
        let whole = VirtualListening(script, kind.vendor)
        whole.run()
        #expect(
            HeardWords(whole.words, of: script).isWhole,
            "seed \(seed), uninterrupted: \(HeardWords(whole.words, of: script))")
        var vendor = kind.vendor
        // Not the same moment of the script with every seed.
        vendor.killEvery = 20_000 + seed * 10
        let killed = VirtualListening(script, vendor)
        killed.run()
        let heard = HeardWords(killed.words, of: script)
        #expect(killed.kills >= 29 && script.words.count > 800, "seed \(seed)")
        #expect(
            heard.isWhole && killed.failures == 0,
            "seed \(seed): \(heard), lost \(heard.lost), doubled \(heard.doubled)")
        #expect(killed.words == whole.words, "seed \(seed)")
        // Before the caller would be asked to say it again.
        #expect(killed.longestWait < 2200, "seed \(seed): \(killed.longestWait) ms")
    }

    @Test("a vendor that takes nothing faster than real time costs no word either, nor more time")
    func realTime() async {
        await Self.eachSeed { Self.realTime(seed: $0) }
    }

    private static func realTime(seed: Int) {
        let script = SpelledScript(length: Self.tenMinutes, seed: UInt64(seed))
        var vendor = Kind.turns.vendor
        vendor.pace = 1
        vendor.killEvery = 20_000 + seed * 10
        let killed = VirtualListening(script, vendor)
        killed.run()
        let heard = HeardWords(killed.words, of: script)
        #expect(
            heard.isWhole && killed.failures == 0,
            "seed \(seed): \(heard), lost \(heard.lost), doubled \(heard.doubled)")
        #expect(killed.longestWait < 2200, "seed \(seed): \(killed.longestWait) ms")
    }

    @Test("a kill at any moment around the beginning or the end of an utterance", arguments: Kind.allCases)
    func edges(kind: Kind) {
        let script = SpelledScript(length: Self.tenMinutes / 5, seed: 3)
        for offset in [-60, -20, 20, 40, 80, 160, 320] {
            for edge in [\SpelledScript.Utterance.start, \.end] {
                var vendor = kind.vendor
                // Not of each: the connection must have been there for a moment.
                vendor.kills = Set(
                    script.utterances.enumerated().filter { $0.offset % 3 == 1 }
                        .map { ($0.element[keyPath: edge] / 8 + offset) / 10 * 10 })
                let killed = VirtualListening(script, vendor)
                killed.run()
                let heard = HeardWords(killed.words, of: script)
                #expect(killed.kills >= 5 && killed.failures == 0)
                #expect(heard.isWhole, "\(offset): \(heard), lost \(heard.lost), doubled \(heard.doubled)")
            }
        }
    }

    @Test("without keeping the settled words of interims, long utterances would come too late to count")
    func replayAlone() {
        let script = SpelledScript(length: Self.tenMinutes, seed: 1)
        var vendor = Kind.turns.vendor
        vendor.pace = 1
        vendor.killEvery = 20_000
        let killed = VirtualListening(script, vendor, longestReplay: .seconds(3600))
        killed.run()
        #expect(killed.failures > 0 && !HeardWords(killed.words, of: script).lost.isEmpty)
    }

    @Test("the settled words of an interim stay, the rest is heard again; without their times all of it is")
    func keepsInterim() {
        func assembler(times: Bool) -> SegmentAssembler {
            var assembler = SegmentAssembler()
            assembler.begin(UtteranceID(1), at: 2400)
            let words = ["one", "two", "three"].enumerated().map { index, word in
                RecognizedSegment.Word(
                    word: word, start: times ? Double(index) + 0.1 : 0, end: times ? Double(index) + 0.6 : 0,
                    confidence: 0.9)
            }
            _ = assembler.received(
                RecognizedSegment(start: 0, duration: 2.8, isFinal: false, transcript: "one two three", words: words))
            return assembler
        }
        var one = assembler(times: true)
        #expect(one.disconnected(at: 24_000) == 12_800)
        one.connected(at: 12_800)
        _ = one.received(
            RecognizedSegment(
                start: 0, duration: 2, isFinal: true, transcript: "three four",
                words: [
                    .init(word: "three", start: 0.5, end: 1, confidence: 1),
                    .init(word: "four", start: 1.2, end: 1.6, confidence: 1),
                ]))
        guard case .emit(.final(let transcript))? = one.finish(UtteranceID(1), at: 28_800, now: .seconds(4)).first
        else {
            Issue.record("no words")
            return
        }
        #expect(transcript.text == "one two three four")
        var other = assembler(times: false)
        #expect(other.disconnected(at: 24_000) == 0)
        // So little is sent again in time.
        var short = assembler(times: true)
        #expect(short.disconnected(at: 7000) == 0)
    }

    // MARK: Over real sockets

    /// How long; only `Benchmarks/reconnect` says so, for in real time a machine that is busy with other tests is late.
    private static let minutes = ProcessInfo.processInfo.environment["PARLEY_RECONNECT_MINUTES"].flatMap(Double.init)

    @Test(
        "over real sockets the same", .enabled(if: minutes != nil), .timeLimit(.minutes(15)), arguments: Kind.allCases)
    func sockets(kind: Kind) async throws {
        let minutes = try #require(Self.minutes)
        let script = SpelledScript(length: Int(minutes * 60 * 8000), seed: 3)
        let period = min(minutes * 60 / 4, 20)
        let code: UInt16 = 1011
        let connections: @Sendable () -> Int
        let service: any ListenerService
        switch kind {
        case .segments:
            var configuration = DeepgramEmulatorConfiguration(
                resultDelay: .milliseconds(120),
                faults: Array(
                    repeating: .close(afterAudio: .seconds(period), code: code, reason: "NET-0000"), count: 1000))
            configuration.hearsSpelling = true
            let emulator = DeepgramEmulator(configuration)
            (service, connections) = (emulator, { emulator.counts.connections.count })
        case .turns:
            var configuration = ListeningEmulatorConfiguration(
                resultDelay: .milliseconds(120),
                faults: Array(
                    repeating: .close(afterAudio: .seconds(period), code: code, reason: "NET-0000"), count: 1000))
            configuration.hearsSpelling = true
            let emulator = ListeningEmulator.flux(configuration)
            (service, connections) = (emulator, { emulator.counts.connections.count })
        }
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        try await withService(service) { url, loop in
            let recognizer: any SpeechRecognizer =
                kind == .segments
                ? DeepgramRecognizer(DeepgramConfiguration(url: url, apiKey: "emulated"), loop: loop, logger: logger)
                : FluxRecognizer(FluxConfiguration(url: url, apiKey: "emulated"), loop: loop, logger: logger)
            let chain = FallbackRecognizer(
                [.init(name: "vendor", recognizer: recognizer)], board: ProviderBoard(.recognizer), loop: loop,
                logger: logger)
            let heard = Lock<(words: [String], answers: Int)>(([], 0))
            let session = try chain.makeSession(format: .telephone, vocabulary: SpeechVocabulary(contexts: [])) {
                switch $0 {
                case .final(let transcript):
                    heard.withLock {
                        $0.words += transcript.text.split(separator: " ").map(String.init)
                        $0.answers += 1
                    }
                case .nothingHeard, .failed: heard.withLock { $0.answers += 1 }
                case .interim, .provisional, .endOfTurn, .taken: break
                }
            }
            let begins = Dictionary(
                uniqueKeysWithValues: script.utterances.enumerated().map { ($1.start / 160 + 3, $0) })
            let ends = Dictionary(uniqueKeysWithValues: script.utterances.enumerated().map { ($1.end / 160 + 15, $0) })
            let epoch = ContinuousClock.now
            for frame in 0..<script.length / 160 {
                let bytes = script.frame(at: frame * 160)
                loop.post {
                    session.inlet.write(bytes.span)
                    session.audioArrived()
                    if let index = begins[frame] { session.beginUtterance(UtteranceID(UInt32(index + 1)), context: "") }
                    if let index = ends[frame] { session.finishUtterance(UtteranceID(UInt32(index + 1))) }
                }
                try await ContinuousClock().sleep(until: epoch + .milliseconds(20 * (frame + 1)))
            }
            for _ in 0..<400 where heard.withLock({ $0.answers }) < script.utterances.count {
                try await Task.sleep(for: .milliseconds(10))
            }
            session.close()
            let words = HeardWords(heard.withLock { $0.words }, of: script)
            let kills = connections() - 1
            #expect(kills >= 3)
            #expect(words.isWhole, "\(words), lost \(words.lost), doubled \(words.doubled)")
            print("\(kind.rawValue): \(script.length / 8000) s, \(kills) sockets killed, \(words)")
        }
    }
}
