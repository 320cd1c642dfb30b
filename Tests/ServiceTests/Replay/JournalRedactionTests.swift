import Agent
import CallSession
import Foundation
import Speech
import Testing

@testable import Service

@Suite("A journal for a bug report")
struct JournalRedactionTests {
    @Test("says nothing of what was said, and replays as the call did")
    func redacted() throws {
        let replay = Self.call()
        #expect(replay.run().isExact)
        let redacted = JournalRedaction.redact(replay)
        let report = redacted.run()
        #expect(report.isExact, "\(report)")
        let text = try Self.text(of: redacted)
        for secret in [
            "peter", "Peter", "miller", "5550143", "555", "five five five", "friday", "+1555", "2026", "reception's",
            "Lena",
        ] { #expect(!text.contains(secret), "\(secret)") }
        // What the rules look at, and what a reader needs, is still there.
        for kept in ["book_appointment", "calendar_book", "my", "0.75", "caller hung up"] {
            #expect(text.contains(kept), "\(kept)")
        }
    }

    @Test(
        "what the reducer makes of a plan and a reason is masked as they are",
        arguments: ["peter wants a person.", "one of us is needed", Conversation.agentFailed])
    func introduction(reason: String) {
        var settings = Self.settings
        var plan = WarmTransfer()
        plan.introduction = "Peter, here is somebody. {reason}. I leave you to talk."
        settings.warmTransfers = ["reception": plan]
        let events: [ConversationEvent] = [
            .mediaStarted, .replyTransfers(generation: 1, destination: "reception", reason: reason),
            .replyFinished(generation: 1), .person(.ringing), .person(.answered(call: "c2")), .person(.accepted),
            .person(.joined), .person(.heard),
        ]
        var conversation = Conversation(settings: settings)
        var inputs: [CallReplay.Input] = []
        for event in events {
            let position = inputs.count * 800
            let decisions = conversation.handle(event, at: position).map(\.text)
            inputs.append(
                CallReplay.Input(sequence: inputs.count + 1, position: position, event: event, decisions: decisions))
        }
        #expect(conversation.isIntroducing)
        let redacted = JournalRedaction.redact(CallReplay(call: "c", settings: settings, inputs: inputs))
        let report = redacted.run()
        #expect(report.isExact, "\(report)")
        let said = redacted.inputs.last?.decisions?.joined() ?? ""
        #expect(said.contains("synthesize") && !said.contains("Peter"), "\(said)")
    }

    @Test("what a caller on hold is told is masked in the plan and where it is said")
    func hold() {
        var settings = Self.settings
        var plan = WarmTransfer()
        (plan.hold, plan.deciding) = (["I am looking for Peter."], ["Peter is there."])
        settings.warmTransfers = ["reception": plan]
        let events: [(ConversationEvent, Int)] = [
            (.mediaStarted, 0), (.replyTransfers(generation: 1, destination: "reception", reason: "asked"), 800),
            (.replyFinished(generation: 1), 1600), (.person(.ringing), 2400),
        ]
        var conversation = Conversation(settings: settings)
        var inputs: [CallReplay.Input] = []
        for (event, position) in events {
            let decisions = conversation.handle(event, at: position).map(\.text)
            inputs.append(
                CallReplay.Input(sequence: inputs.count + 1, position: position, event: event, decisions: decisions))
        }
        // The next thing that is due by itself, until the caller has been told something.
        var position = 2400
        while !inputs.contains(where: { $0.decisions?.joined().contains("Peter") == true }), position < 800_000 {
            position += 160
            guard let event = conversation.dueTimer(at: position) else { continue }
            let decisions = conversation.handle(event, at: position).map(\.text)
            inputs.append(
                CallReplay.Input(sequence: inputs.count + 1, position: position, event: event, decisions: decisions))
        }
        #expect(conversation.isOnHold && inputs.last?.decisions?.joined().contains("Peter") == true)
        let redacted = JournalRedaction.redact(CallReplay(call: "c", settings: settings, inputs: inputs))
        let report = redacted.run()
        #expect(report.isExact, "\(report)")
        #expect(!redacted.inputs.contains { $0.decisions?.joined().contains("Peter") == true })
        let masked = redacted.settings.warmTransfers?.values.first
        #expect(masked.map { ($0.hold + $0.deciding).joined().contains("Peter") } == false)
    }

    @Test("what a colleague would say is masked, and a call that went over to one replays as it did")
    func colleague() {
        var theirs = Self.settings
        theirs.apology = "Peter is sorry."
        var plan = WarmTransfer()
        plan.introduction = "Peter, here is somebody."
        theirs.warmTransfers = ["reception": plan]
        var settings = Self.settings
        settings.speakers = ["billing": SpeakerSettings(theirs, recordingStopped: "Peter stopped it.")]
        let events: [ConversationEvent] = [
            .mediaStarted, .replyTakenOver(generation: 1, agent: "billing"),
            .replyTransfers(generation: 1, destination: "reception", reason: "asked"), .replyFinished(generation: 1),
            .person(.ringing), .person(.answered(call: "c2")), .person(.accepted), .person(.joined), .person(.heard),
        ]
        var conversation = Conversation(settings: settings)
        var inputs: [CallReplay.Input] = []
        for event in events {
            let position = inputs.count * 800
            let decisions = conversation.handle(event, at: position).map(\.text)
            inputs.append(
                CallReplay.Input(sequence: inputs.count + 1, position: position, event: event, decisions: decisions))
        }
        #expect(conversation.isIntroducing)
        let redacted = JournalRedaction.redact(CallReplay(call: "c", settings: settings, inputs: inputs))
        let report = redacted.run()
        #expect(report.isExact, "\(report)")
        let speaker = redacted.settings.speakers?["billing"]
        #expect(speaker?.apology.contains("Peter") == false && speaker?.recordingStopped.contains("Peter") == false)
        #expect(redacted.inputs.last?.decisions?.joined().contains("Peter") == false)
    }

    @Test("a divergence stays where it was")
    func divergence() {
        var inputs = Self.call().inputs
        let index = inputs.count / 2
        inputs[index].decisions = ["synthesize 1.0 \"Peter Miller, something else.\""]
        let replay = CallReplay(call: "c", settings: Self.settings, inputs: inputs)
        let (before, after) = (replay.run().divergence, JournalRedaction.redact(replay).run().divergence)
        #expect(before?.sequence == index + 1)
        #expect(after?.sequence == before?.sequence)
        #expect(after?.expected.first?.contains("Peter") == false)
    }

    @Test("masks are as long, the same for the same, and others for others")
    func masks() {
        var mask = WordMask()
        let first = mask.mask("My name is Peter Miller, on friday.")
        #expect(first.count == 35)
        #expect(first.hasPrefix("My ") && first.contains(" is ") && first.hasSuffix("."))
        let (peter, maria) = (mask.mask("peter"), mask.mask("maria"))
        #expect(peter == mask.mask("peter") && peter != maria && peter.count == 5)
        #expect(first.lowercased().contains(peter))
        #expect(mask.mask("five five zero").split(separator: " ").count == 3)
        #expect(!mask.mask("five five zero").contains("five five"))
        #expect(WordMask.keys("555*12#") == "000*00#")
    }

    @Test("a file is read as it was written, and one that is none says what is wrong")
    func file() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "journal-\(UUID().uuidString).jsonl")
        defer { try? FileManager.default.removeItem(at: file) }
        let replay = Self.call()
        try JournalFile.write(replay, isRedacted: false, to: file)
        let read = try JournalFile.read(file)
        #expect(read.inputs == replay.inputs && read.settings == replay.settings && read.call == replay.call)
        try Data("{}\n".utf8).write(to: file)
        let none = #expect(throws: CallReplay.Fault.self) { try JournalFile.read(file) }
        #expect(none?.reason.contains("--export") == true)
        try JournalFile.write(replay, isRedacted: true, to: file)
        try (String(contentsOf: file, encoding: .utf8) + "{\"sequence\":1}\n").write(
            to: file, atomically: true, encoding: .utf8)
        let torn = #expect(throws: CallReplay.Fault.self) { try JournalFile.read(file) }
        #expect(torn?.reason.contains("line \(replay.inputs.count + 2)") == true)
    }

    private static var settings: ConversationSettings {
        var settings = ConversationSettings()
        settings.escalation = "+15550199"
        return settings
    }

    private static func text(of replay: CallReplay) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes]
        return try replay.inputs.map {
            String(decoding: try encoder.encode($0.event), as: UTF8.self) + ($0.decisions ?? []).joined(separator: "\n")
        }.joined(separator: "\n") + String(decoding: try encoder.encode(replay.settings), as: UTF8.self)
    }

    /// A call with everything in it that holds words.
    private static func call() -> CallReplay {
        var conversation = Conversation(settings: settings)
        let id = UtteranceID(1)
        let said = "my name is peter miller my number is five five five"
        let tool = ToolCall(id: "t1", name: "calendar_book", arguments: #"{"name":"Peter Miller","date":"2026-11-27"}"#)
        var done = tool
        done.outcome = #"{"phone":"5550143"}"#
        let events: [(Int, ConversationEvent)] = [
            (0, .mediaStarted), (10, .replySaid(generation: 1, text: "Hello Peter, an appointment?")),
            (20, .replyExpects(generation: 1, Expectation(kind: .open, context: "menu"))),
            (30, .replyFinished(generation: 1)), (40, .synthesized(SegmentID(generation: 1, index: 0), samples: 8000)),
            (50, .synthesisFinished(SegmentID(generation: 1, index: 0))), (60, .playoutStarted(generation: 1)),
            (6000, .voiceStarted(onset: 5900)), (7000, .interim(id, text: "my name")),
            (8500, .interim(id, text: "my name is peter")), (9000, .timer(.bargeIn)),
            (9500, .playoutCleared(generation: 1, heard: 5000)), (12_000, .voiceStopped(lastVoiced: 11_000)),
            (12_500, .provisional(Transcript(utterance: id, text: said, confidence: 0.75))),
            (12_600, .previewed(id, text: said, .complete, firstSentence: "Thank you, Peter.")),
            (16_000, .timer(.endOfTurn)),
            (17_000, .transcript(Transcript(utterance: id, text: said, confidence: 0.75))),
            (
                17_100,
                .replyUnderstood(
                    generation: 2,
                    Understanding(
                        intent: "book_appointment", entities: ["name": "Peter Miller", "date": "2026-11-27"],
                        confidence: 0.75))
            ),
            (17_200, .toolStarted(generation: 2, tool)), (17_300, .toolFinished(generation: 2, done)),
            (17_400, .replyPresses(generation: 2, keys: "555")),
            (17_500, .replySaid(generation: 2, text: "Friday it is, at the reception's desk.")),
            (18_000, .keyPressed("5")), (18_100, .keyPressed("#")), (18_200, .operated(.whisper("Peter is angry"))),
            (18_300, .operated(.say("One moment, Peter."))), (18_400, .operated(.takeOver)),
            (
                20_000,
                .operatorSaid(OperatorWords(text: "this is lena, Lena Miller", confidence: 0.9, started: 1, ended: 2))
            ),
            (21_000, .operated(.handBack(wasLost: false))), (30_000, .voiceStarted(onset: 29_900)),
            (32_000, .voiceStopped(lastVoiced: 31_000)), (36_000, .timer(.endOfTurn)),
            (36_100, .transcript(Transcript(utterance: UtteranceID(2), text: "a person please", confidence: 0.9))),
            (36_200, .replyTransfers(generation: conversationReplies, destination: "+15550143", reason: "Peter asked")),
            (90_000, .hungUp(reason: "caller hung up")),
        ]
        var inputs: [CallReplay.Input] = []
        for (position, event) in events {
            let decisions = conversation.handle(event, at: position).map(\.text)
            inputs.append(
                CallReplay.Input(sequence: inputs.count + 1, position: position, event: event, decisions: decisions))
        }
        return CallReplay(call: "c", settings: settings, inputs: inputs)
    }

    /// The generation of the reply that transfers.
    private static let conversationReplies = 6
}
