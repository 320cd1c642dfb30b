import Agent
import CallSession
import Callers
import Codecs
import Foundation
import Networking
import Speech
import Store
import Telephony
import Testing

@testable import Service

/// A card is paid with by voice and by keys, and afterwards nothing that the service keeps holds its digits.
@Suite("A card's number is nowhere but with its tool")
struct WithheldCardTests {
    private static let number = "4111111111111111"
    private static let spoken = "four one one one one one one one"
    /// In any form in which it could have been kept; the figures of the last four alone may be.
    private static let traces = [
        "four one one", "one one one one one", "4111-", "4111 ", "11111111", "\"987\"", "code\":987",
        "nine eight seven",
        "oh five twenty", "2027-05", "twenty twenty seven", "05/27", "987 05",
    ]

    private static let agent = """
        name: till
        kind: flow
        greeting: "Hello, this is the till."
        thresholds: {reask_below: 0.3, escalate_below: 0.0, max_reasks: 2}
        silence: {reprompt_after: 7, max_reprompts: 1, prompts: ["Hello?"], farewell: "Goodbye."}
        tools: {charge: reversible}
        escalation: [{hang_up: true, say: "Goodbye then."}]
        hours: {opens: "08:00", closes: "18:00"}
        phrases: {not_understood: "Sorry?", back: "So.", broken: "Oh dear."}
        start: menu
        slots:
          card: {capture: card}
        intents:
          pay: ["i want to pay", "pay by card", "let me pay"]
          inform: ["here it is"]
          yes: ["yes", "yes please", "that's right"]
          no: ["no", "no thanks"]
          goodbye: ["goodbye", "bye"]
        states:
          menu: {steps: [{ask: "What can I do for you?"}]}
          pay:
            on: pay
            fresh: [card]
            steps:
              - collect: card
              - call: charge
                with: {number: "{card.number}", expiry: "{card.expiry}", code: "{card.security_code}"}
                save: receipt
                failed: menu
              - say: "The {card} was charged. {receipt.note}"
              - goto: menu
          end: {on: goodbye, steps: [{hang_up: "said goodbye"}]}
        """

    /// Takes payments, and echoes what it was given as careless ones do.
    private struct Charge: Tool {
        let given: Lock<[JSONValue]>
        let definition = ToolDefinition(
            name: "charge", summary: "Charges a card.", parameters: ["type": "object"], risk: .reversible)

        func call(_ arguments: JSONValue, context: ToolContext) async throws(ToolError) -> JSONValue {
            given.withLock { $0.append(arguments) }
            return ["note": .string("Charged 4111-1111-1111-1111."), "code": 987, "echo": "987 05/27"]
        }
    }

    private static let payment: JSONValue = ["number": .string(number), "expiry": "2027-05", "code": "987"]

    @Test("by a call through the service: database, log, recording and journal hold marks in its place")
    func service() async throws {
        let given = Lock<[JSONValue]>([])
        let folder = Lock<(directory: URL, log: [String])?>(nil)
        try await ServiceUnderTest.run(
            configure: { configuration, directory in
                try? Data(Self.agent.utf8).write(to: directory.appending(path: "agents/till.yaml"))
                configuration.agents.default = "till"
            },
            dialogue: { $0.makeDialogue(call: $1, tools: [Charge(given: given)], environment: $3) }
        ) { test in
            let caller = TypingCaller(
                [
                    .say("i want to pay"), .say(Self.spoken), .type("11111111#"), .type("0527"), .type("987"),
                    .type("1"), .say("goodbye"),
                ], on: test.loop)
            #expect(await caller.hold(try await test.announce("CA1")).contains("1000"))
            // What is on the disk while the service still runs, too: its write-ahead log.
            try await test.waitUntil { try await test.service.store.calls().calls.first?.endedAt != nil }
            try Self.search(test.directory)
            folder.withLock { $0 = (test.directory, test.log.lines) }
        } afterwards: { store, _ in
            #expect(given.withLock { $0 } == [Self.payment])
            let (directory, log) = try #require(folder.withLock { $0 })
            try Self.search(directory)
            for line in log { for trace in Self.traces { #expect(!line.contains(trace), "\(line)") } }

            let story = try await store.story(ofCarrierCall: "CA1")
            let caller = story.turns.filter { $0.speaker == .caller }.map(\.text)
            #expect(caller.contains("i want to pay") && caller.contains("goodbye"))
            #expect(caller.contains { $0.hasPrefix("[withheld ") }, "\(caller)")
            let agent = story.turns.filter { $0.speaker == .agent }.map(\.text).joined(separator: " ")
            #expect(agent.contains("the Visa card ending in one one one one"), "\(agent)")
            #expect(agent.contains("Charged withheld."), "\(agent)")
            #expect(story.tools.map(\.name) == ["charge"])
            #expect(story.tools.first?.arguments.contains("withheld") == true)

            let report = try await CallReplay(call: story.call.id, store: store).run()
            #expect(report.isExact && report.withheld >= 10, "\(report)")

            // The recording is as long as the call, and the caller's words before and after are in it.
            let recording = try #require(story.recordings.first)
            let wave = try Data(contentsOf: URL(fileURLWithPath: recording.path))
            let left = Self.left(of: wave)
            let said = SpokenClip.all(in: left[...])
            #expect(said.contains("i want to pay") && said.contains("goodbye"), "\(said)")
            #expect(said.count == 2, "\(said)")
            // While the card is asked for neither side is in it, and its record says from when to when.
            let redactions = try #require(recording.redactions)
            #expect(redactions.allSatisfy { $0.reason == "withheld" && $0.from < $0.to })
            let data = try #require(wave.range(of: Data("data".utf8))).upperBound + 4
            for redaction in redactions {
                #expect(wave[(data + redaction.from * 4)..<(data + redaction.to * 4)].allSatisfy { $0 == 0 })
            }
        }
    }

    /// Every byte of every file, the caller's track of recordings by itself.
    private static func search(_ directory: URL) throws {
        let files = FileManager.default.enumerator(at: directory, includingPropertiesForKeys: [.isRegularFileKey])
        var count = 0
        while let file = files?.nextObject() as? URL {
            guard let bytes = try? Data(contentsOf: file), file.pathExtension != "yaml" else { continue }
            count += 1
            let tracks = file.pathExtension == "wav" ? [bytes, Data(left(of: bytes))] : [bytes]
            for track in tracks {
                for trace in traces { #expect(track.range(of: Data(trace.utf8)) == nil, "\(trace) in \(file)") }
            }
        }
        #expect(count > 2)
    }

    /// The first of two tracks of 16 bits, as the line carried it.
    private static func left(of wave: Data) -> [UInt8] {
        guard let data = wave.range(of: Data("data".utf8)) else { return [] }
        let bytes = Array(wave[(data.upperBound + 4)...])
        return stride(from: 0, to: bytes.count - 3, by: 4).map {
            MuLaw.encode(Int16(bitPattern: UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8))
        }
    }

    @Test("by a call in virtual time: nothing that is told of the call holds it")
    func virtual() async throws {
        let given = Lock<[JSONValue]>([])
        let agent = try AgentDefinition(yaml: Data(Self.agent.utf8), file: "till.yaml") { _ in Data() }
        let facts = CallFacts(callID: "v1")
        let dialogue = agent.makeDialogue(
            call: facts, tools: [Charge(given: given)], environment: DialogueEnvironment())
        var told: [CallEvent] = []
        let caller = VirtualTypist([
            .say("i want to pay"), .say("four one one one"), .say("one one one one"),
            .say("one one one one one one one one"),
            .type("0527#"), .type("987"), .say("yes"), .say("goodbye"),
        ])
        var plan = VirtualCall.Plan(
            facts: facts, dialogue: dialogue, synthesizer: HummingSynthesizer(), observer: { told.append($0) })
        plan.settings.silence = .seconds(7)
        try await VirtualCall(plan, line: caller, ears: caller).run(limit: .seconds(240))
        #expect(given.withLock { $0 } == [Self.payment], "\(told.suffix(5))")
        for event in told {
            let text = "\(event)"
            for trace in Self.traces { #expect(!text.contains(trace), "\(text)") }
        }
        var journal: [CallReplay.Input] = []
        for event in told {
            switch event {
            case .journal(let sequence, let position, let input):
                journal.append(CallReplay.Input(sequence: sequence, position: position, event: input))
            case .decided(let sequence, let actions): journal[sequence - 1].decisions = actions.map(\.text)
            default: break
            }
        }
        let report = CallReplay(call: "v1", settings: plan.settings, inputs: journal).run()
        #expect(report.isExact && report.withheld > 10, "\(report)")
        // The answer may be given to a bug report as any other.
        let redacted = JournalRedaction.redact(CallReplay(call: "v1", settings: plan.settings, inputs: journal)).run()
        #expect(redacted.isExact, "\(redacted)")
    }
}

/// A ``TypingCaller`` in virtual time, with ears that know what was said.
private final class VirtualTypist: VirtualCarrier, VirtualEars {
    private var deeds: [CallerDeed]
    private var clip: ArraySlice<UInt8> = []
    private var words = ""
    private var keys: [Character] = []
    private var playback: [(end: Int, mark: PlayoutMark?)] = []
    private var playedUntil = 0
    private var hasHeard = false

    init(_ deeds: [CallerDeed]) { self.deeds = deeds }

    func beat(at now: Int) -> [VirtualArrival] {
        var arrivals: [VirtualArrival] = []
        while let first = playback.first, first.end <= now {
            if let mark = first.mark { arrivals.append(.mark(mark)) }
            playback.removeFirst()
        }
        // Half a second after the agent has fallen silent.
        if hasHeard, clip.isEmpty, keys.isEmpty, now > playedUntil + 4000 {
            hasHeard = false
            switch deeds.isEmpty ? nil : deeds.removeFirst() {
            case .say(let text): (words, clip) = (text, SpokenClip.saying(text).audio[...])
            case .type(let typed): keys = Array(typed)
            case nil: arrivals.append(.stopped)
            }
        }
        if !keys.isEmpty, now % 1600 == 0 { arrivals.append(.key(keys.removeFirst())) }
        var frame = [UInt8](repeating: 0xFF, count: 160)
        for index in frame.indices { if let sample = clip.popFirst() { frame[index] = sample } }
        arrivals.append(.audio(frame, timestamp: now / 8))
        return arrivals
    }

    func play(_ audio: Span<UInt8>, at now: Int) {
        playedUntil = max(playedUntil, now) + audio.count
        hasHeard = true
    }

    func mark(_ mark: PlayoutMark, at now: Int) { playback.append((max(playedUntil, now), mark)) }

    func clear(at now: Int) {
        playedUntil = min(playedUntil, now)
        playback = playback.map { (min($0.end, now), $0.mark) }
    }

    func closed(reason: String, at now: Int) {}

    // MARK: Ears

    func begin(_ id: UtteranceID, context: String, at now: Int) {}
    func interim(at now: Int) -> String? { words.isEmpty ? nil : words }

    func pause(_ id: UtteranceID, at now: Int) -> VirtualHearing? {
        VirtualHearing(.provisional(Transcript(utterance: id, text: words, confidence: 0.9)), after: .milliseconds(40))
    }

    func finish(_ id: UtteranceID, at now: Int) -> VirtualHearing {
        defer { words = "" }
        let event: RecognitionEvent =
            words.isEmpty ? .nothingHeard(id) : .final(Transcript(utterance: id, text: words, confidence: 0.95))
        return VirtualHearing(event, after: .milliseconds(80))
    }

    func cancel(_ id: UtteranceID, at now: Int) {}
}
