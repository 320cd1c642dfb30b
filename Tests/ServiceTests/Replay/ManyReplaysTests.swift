import Agent
import AudioCore
import CallSession
import Callers
import Codecs
import Foundation
import Networking
import Speech
import Store
import Telephony
import TestSupport
import Testing

@testable import Service

/// Whole calls, with their audio, playout and faults, written down as a service writes them and read again.
@Suite("Replaying many calls")
struct ManyReplaysTests {
    @Test("500 calls with faults of every part replay to the last decision")
    func calls() async {
        // In virtual time: each core has a part.
        await AtOnce.each(0..<5, atMost: 2) {
            try await Self.calls(part: $0)
        } failed: {
            Issue.record($1, "part \($0)")
        }
    }

    private static func calls(part: Int) async throws {
        let clips = try ["129-thermostat", "026-backchannel", "007-confirm"].map { id in
            let manifest = try FixtureManifest(directory: Self.fixtures)
            let fixture = try #require(manifest.fixtures.first { $0.id == id })
            return try manifest.clip(fixture).audio
        }
        var faults = 0
        var kinds: Set<String> = []
        for seed in part * 100..<part * 100 + 100 {
            var random = SeededRandom(seed: UInt64(seed) &* 977)
            var settings = ConversationSettings()
            settings.silence = .seconds(2)
            settings.replyDeadline = .seconds(1)
            settings.recognitionDeadline = .milliseconds(500)
            settings.escalation = random.unit() < 0.5 ? "+15550100" : nil
            var file = CallFile(
                call: CallRecord(
                    id: "c\(seed)", carrier: "virtual", direction: .inbound, from: "", to: "", agent: "a",
                    agentVersion: "1", startedAt: Date(timeIntervalSince1970: 0)),
                actingTools: [], settings: settings, clock: { Date(timeIntervalSince1970: 0) })
            var writes = file.opening
            let plan = VirtualCall.Plan(
                facts: CallFacts(callID: "c\(seed)"), settings: settings,
                dialogue: FaultyDialogue(random: random.next()), synthesizer: FaultySynthesizer(random: random.next())
            ) { writes += file.fold($0) }
            let line = FaultyLine(clips: clips, seed: random.next())
            try await VirtualCall(plan, line: line, ears: FaultyEars(seed: random.next())).run(limit: .seconds(8))
            let journal = writes.compactMap { if case .journal(let record) = $0 { record } else { nil } }
            faults += writes.count { if case .incident = $0 { true } else { false } }
            kinds.formUnion(journal.map(\.kind))
            let report = try CallReplay(call: "c\(seed)", journal: journal).run()
            #expect(report.isExact, "c\(seed): \(report)")
            #expect(report.events >= 5, "c\(seed)")
        }
        // The faults were there.
        #expect(faults > 50, "part \(part)")
        let expected: Set = [
            "recognitionFailed", "replyFailed", "synthesisFailed", "playoutCleared", "keyPressed", "hungUp",
            "voiceStarted", "toolFinished", "nothingHeard", "timer",
        ]
        #expect(kinds.isSuperset(of: expected), "part \(part): \(expected.subtracting(kinds))")
    }

    private static var fixtures: String {
        var root = ServiceUnderTest.shippedAgents
        for _ in 0..<2 { root.deleteLastPathComponent() }
        return root.appending(path: "audio-fixtures").path
    }
}

/// A caller who speaks, presses keys and hangs up by chance, on a line that loses frames and marks.
private final class FaultyLine: VirtualCarrier {
    private var random: SeededRandom
    private let clips: [[UInt8]]
    private var playback = CarrierPlayback()
    private var saying: ArraySlice<UInt8> = []
    private var heard = [UInt8](repeating: 0xFF, count: 160)
    private var frames = 0

    init(clips: [[UInt8]], seed: UInt64) {
        self.clips = clips
        random = SeededRandom(seed: seed)
    }

    func beat(at now: Int) -> [VirtualArrival] {
        var arrivals: [VirtualArrival] = []
        if saying.isEmpty, random.unit() < 0.015 { saying = clips[Int(random.next() % UInt64(clips.count))][...] }
        let frame = Array(saying.prefix(160))
        saying = saying.dropFirst(160)
        if random.unit() > 0.03 {
            arrivals.append(
                .audio(frame + [UInt8](repeating: 0xFF, count: 160 - frame.count), timestamp: frames * 20))
        }
        frames += 1
        if random.unit() < 0.002 { arrivals.append(.key("5")) }
        _ = playback.play(into: &heard, at: now)
        while let name = playback.takeDueMark() {
            if random.unit() > 0.1, let mark = PlayoutMark(name) { arrivals.append(.mark(mark)) }
        }
        if random.unit() < 0.001 { arrivals.append(.stopped) }
        return arrivals
    }

    func play(_ audio: Span<UInt8>, at now: Int) { _ = playback.receive(audio, at: now) }
    func mark(_ mark: PlayoutMark, at now: Int) { playback.mark("\(mark)") }
    func clear(at now: Int) { playback.clear(at: now) }
    func closed(reason: String, at now: Int) {}
}

/// Hears by chance: words, nothing, an error, or too late.
private final class FaultyEars: VirtualEars {
    private var random: SeededRandom

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    func begin(_ id: UtteranceID, context: String, at now: Int) {}
    func interim(at now: Int) -> String? { random.unit() < 0.02 ? "set it \(now / 4000)" : nil }
    func cancel(_ id: UtteranceID, at now: Int) {}

    func pause(_ id: UtteranceID, at now: Int) -> VirtualHearing? {
        random.unit() < 0.5
            ? VirtualHearing(.endOfTurn(id, probability: random.unit()), after: .milliseconds(20)) : nil
    }

    func finish(_ id: UtteranceID, at now: Int) -> VirtualHearing {
        let delay = Duration.milliseconds(Int64(random.unit() * 700))
        return switch random.next() % 5 {
        case 0: VirtualHearing(.nothingHeard(id), after: delay)
        case 1:
            VirtualHearing(
                .failed(id, SpeechError(.unavailable, operation: "recognize", provider: "test", detail: "gone")),
                after: delay)
        default:
            VirtualHearing(
                .final(
                    Transcript(
                        utterance: id, text: "set it to seventy", confidence: random.unit(),
                        isOutOfTask: random.unit() < 0.2)), after: delay)
        }
    }
}

/// Answers by chance: words, a tool, nothing, an error, an end.
private struct FaultyDialogue: Dialogue {
    let language = DialogueLanguage()
    private let random: Lock<SeededRandom>

    init(random seed: UInt64) { random = Lock(SeededRandom(seed: seed)) }

    func reply(to input: DialogueInput) -> AsyncThrowingStream<DialogueOutput, any Error> {
        let choice = random.withLock { $0.next() % 12 }
        return AsyncThrowingStream { stream in
            switch choice {
            case 0:
                stream.finish(throwing: ModelError(.unavailable, provider: "test", detail: "broken"))
            case 1: break
            case 2:
                stream.yield(.say("Goodbye."))
                stream.yield(.hangUp(reason: "done"))
            case 3:
                stream.yield(.say("I will put you through."))
                stream.yield(.transfer(destination: "reception", reason: "asked"))
            case 4...6:
                let tool = ToolInvocation(id: "t\(choice)", name: "set", arguments: ["to": 70])
                stream.yield(.say("One moment."))
                stream.yield(.toolStarted(tool))
                stream.yield(.toolFinished(tool, .result(["temperature": 70])))
                stream.yield(.say("It is set."))
            default:
                stream.yield(.expect(Expectation(kind: choice % 2 == 0 ? .digits : .yesNo, context: "c")))
                stream.yield(.say("Your number, please? I am listening now."))
            }
            stream.finish()
        }
    }

    func preview(of turn: CallerTurn) async -> ReplyPreview? {
        random.withLock { $0.unit() } < 0.5
            ? ReplyPreview(completeness: .complete, firstSentence: "It is set.") : nil
    }

    func cutLastReply(toHeard heard: String) async {}
}

/// 50 ms of silence for each letter, or no voice at all.
private struct FaultySynthesizer: SpeechSynthesizer {
    private let random: Lock<SeededRandom>

    init(random seed: UInt64) { random = Lock(SeededRandom(seed: seed)) }

    func makeSession(voice: String, format: AudioFormat) async throws(SpeechError) -> any SynthesisSession {
        Session(random: random)
    }

    private final class Session: SynthesisSession {
        private let random: Lock<SeededRandom>

        init(random: Lock<SeededRandom>) { self.random = random }

        func synthesize(_ text: String) -> SynthesizedAudio {
            guard random.withLock({ $0.unit() }) > 0.1 else {
                return SynthesizedAudio(
                    AsyncThrowingStream {
                        $0.finish(
                            throwing: SpeechError(
                                .unavailable, operation: "speak", provider: "test", detail: "no voice"))
                    })
            }
            return SynthesizedAudio([UInt8](repeating: 0x55, count: text.count * 400))
        }

        func close() {}
    }
}
