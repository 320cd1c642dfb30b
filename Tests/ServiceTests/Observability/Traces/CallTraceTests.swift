import Agent
import Foundation
import Store
import Testing

@testable import CallSession
@testable import Service

@Suite("A call as spans")
struct CallTraceTests {
    private static let began = Date(timeIntervalSince1970: 1_800_000_000)

    private static var call: CallRecord {
        CallRecord(
            id: "c0123456789abcdef", carrier: "twilio", direction: .inbound, from: "+15550100", to: "+15550199",
            agent: "desk", agentVersion: "7", startedAt: began)
    }

    private static func trace() -> CallTrace {
        var provider = ParleyConfiguration.Provider(kind: .anthropic)
        provider.url = "https://mind.example.com:8443/v1"
        provider.model = "claude-fable"
        return CallTrace(
            call, models: ["mind": ModelIdentity(provider)].compactMapValues(\.self), tools: ["calendar_book"])
    }

    private static func turn(_ number: Int, _ from: Int, _ to: Int, _ text: String = "my card is 4111 1111")
        -> CallEvent
    {
        .note(
            position: to,
            .callerTurn(
                CallerTurnRecord(
                    turn: number, text: text, confidence: 0.75, isOutOfTask: false, started: from, ended: to)))
    }

    private static func answer(_ number: Int, _ from: Int, _ to: Int, cut: Bool = false) -> CallEvent {
        .note(
            position: to,
            .agentTurn(
                AgentTurnRecord(
                    turn: number, planned: "Thank you, Ann.", heard: "Thank you", wasInterrupted: cut, started: from,
                    ended: to)))
    }

    private static func model(_ at: Double, took: Double = 0.4, error: (any Error)? = nil) -> ModelCall {
        var request = ModelRequest(instructions: "secret instructions", messages: [])
        request.temperature = 0.5
        var call = ModelCall(request, of: "mind", at: began + at)
        call.firstPiece = began + at + 0.2
        if error == nil {
            (call.finish, call.usage) = (
                .toolCalls, ModelUsage(promptTokens: 90, cachedTokens: 40, completionTokens: 12)
            )
        }
        return call.over(error: error, at: began + at + took)
    }

    /// Two turns: in the first a tool is called, in the second a model's answer was asked for before the turn was over.
    private static func spans() -> [TraceSpan] {
        var trace = trace()
        var tool = ToolCall(id: "t1", name: "look up Ann!", arguments: #"{"name":"Ann"}"#, outcome: "", failed: false)
        var spans: [TraceSpan] = []
        func fold(_ event: CallEvent) { spans += trace.fold(event, of: call) }
        fold(.journal(sequence: 1, position: 0, .mediaStarted))
        fold(answer(0, 800, 8000))
        fold(turn(1, 16_000, 24_000))
        fold(.note(position: 24_100, .toolStarted(turn: 1, tool)))
        spans += trace.fold(model(3.1))
        (tool.outcome, tool.failed) = ("Ann is not there", true)
        fold(.note(position: 26_000, .toolFinished(turn: 1, tool)))
        fold(
            .note(
                position: 27_200,
                .latency(
                    ResponseLatency(
                        turn: 1, endOfTurnWait: 1600, recognition: 400, reply: 800, synthesis: 320, own: 80))))
        fold(answer(1, 27_200, 40_000, cut: true))
        // Begun in the second turn, and known before it is over.
        spans += trace.fold(model(5.5, error: ModelError.connectionLostForTest))
        fold(.note(position: 44_500, .interrupted(turn: 2)))
        fold(turn(2, 40_800, 48_000))
        fold(
            .note(
                position: 48_000,
                .understood(turn: 2, Understanding(intent: "book", entities: ["name": "Ann"], confidence: 1))))
        fold(.note(position: 50_000, .incident(kind: "reply", detail: "Ann said 4111")))
        fold(answer(2, 52_000, 60_000))
        var ended = call
        ended.outcome = "book_visit"
        ended.counts.callerTurns = 2
        spans += trace.fold(
            .finished(CallSummary(reason: "Ann hung up", samples: 64_000, underruns: 0, echoes: 0)), of: ended)
        return spans
    }

    @Test("turns hold their stages, tools and models; every parent is there, and contains what it is the parent of")
    func tree() throws {
        let spans = Self.spans()
        let byID = Dictionary(uniqueKeysWithValues: spans.map { ($0.id, $0) })
        let root = try #require(spans.filter { $0.parent == nil }.first)
        #expect(root.name == "call" && root.kind == .server && root.start == Self.began)
        #expect(root.end == Self.began + 8)
        for span in spans where span.parent != nil {
            let parent = try #require(span.parent.flatMap { byID[$0] }, "\(span.name)")
            #expect(parent.start <= span.start && span.end <= parent.end, "\(span.name) in \(parent.name)")
        }
        let turns = spans.filter { $0.name == "turn" }
        #expect(turns.compactMap { $0.attributes["parley.turn.number"] } == [.integer(0), .integer(1), .integer(2)])
        #expect(turns.allSatisfy { $0.parent == root.id })
        func children(_ turn: Int) -> [String] { spans.filter { $0.parent == turns[turn].id }.map(\.name).sorted() }
        #expect(children(0) == ["playout"])
        #expect(
            children(1) == [
                "chat claude-fable", "end_of_turn", "execute_tool _OTHER", "first_audio", "playout", "recognition",
                "reply", "synthesis",
            ])
        #expect(children(2) == ["chat claude-fable", "playout"])
        #expect(turns[2].attributes["parley.turn.intent"] == .text("book"))
        // The stages follow each other from the caller's last word to the agent's first.
        let stages = ["end_of_turn", "recognition", "reply", "synthesis", "first_audio"].compactMap { name in
            spans.first { $0.name == name }
        }
        #expect(stages.first?.start == Self.began + 3 && stages.last?.end == Self.began + 3.4)
        for (before, after) in zip(stages, stages.dropFirst()) { #expect(before.end == after.start) }
        #expect(root.events.map(\.name) == ["incident"] && root.attributes["parley.outcome"] == .text("book_visit"))
    }

    /// Notes in an order in which calls give them.
    struct Order: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var notes: [CallEvent]
        var turns: [Int]
        var interrupted: [Int] = []
        /// The turns of what the agent was heard to say, in the order of the notes.
        var playouts: [Int]
    }

    private static func interrupted(_ number: Int, _ at: Int) -> CallEvent {
        .note(position: at, .interrupted(turn: number))
    }

    private static var orders: [Order] {
        let menu = (1...9).map { turn($0, $0 * 4000, $0 * 4000 + 3000) }
        return [
            Order(
                testDescription: "the greeting is interrupted: it is told of after the turn that did it",
                notes: [
                    turn(1, 8000, 12_000), interrupted(0, 12_400), answer(0, 800, 12_500, cut: true),
                    answer(1, 16_000, 24_000),
                ], turns: [0, 1], interrupted: [0], playouts: [0, 1]),
            Order(
                testDescription: "an answer is interrupted, one that followed a whole one",
                notes: [
                    answer(0, 800, 4000), turn(1, 8000, 12_000), answer(1, 16_000, 20_000), turn(2, 30_000, 34_000),
                    interrupted(1, 34_400), answer(1, 26_000, 34_500, cut: true), answer(2, 40_000, 44_000),
                ], turns: [0, 1, 2], interrupted: [1], playouts: [0, 1, 1, 2]),
            Order(
                testDescription: "keys are a turn without words",
                notes: [
                    answer(0, 800, 4000), turn(1, 8000, 12_000), answer(1, 16_000, 20_000), answer(2, 24_000, 28_000),
                    answer(3, 32_000, 36_000), turn(4, 40_000, 44_000), answer(4, 48_000, 52_000),
                ], turns: [0, 1, 2, 3, 4], playouts: [0, 1, 2, 3, 4]),
            Order(
                testDescription: "who is called says hello before the greeting",
                notes: [
                    turn(1, 4000, 8000, "Hello?"), answer(0, 8800, 16_000), turn(2, 20_000, 24_000),
                    answer(2, 28_000, 32_000),
                ], turns: [0, 1, 2], playouts: [0, 2]),
            Order(
                testDescription: "a menu speaks on and on",
                notes: menu + [answer(9, 40_000, 48_000)], turns: [1, 2, 3, 4, 5, 6, 7, 8, 9], playouts: [9]),
        ]
    }

    @Test(
        "each turn is sent once, with all that becomes of it, and whatever stands below it has its parent",
        arguments: orders)
    func order(_ order: Order) throws {
        var trace = Self.trace()
        var spans: [TraceSpan] = []
        for note in order.notes { spans += trace.fold(note, of: Self.call) }
        spans += trace.fold(
            .finished(CallSummary(reason: "", samples: 64_000, underruns: 0, echoes: 0)), of: Self.call)
        let byID = Dictionary(spans.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        #expect(byID.count == spans.count)
        for span in spans where span.name != "call" {
            let parent = try #require(span.parent.flatMap { byID[$0] }, "\(span.name)")
            #expect(parent.start <= span.start && span.end <= parent.end, "\(span.name) in \(parent.name)")
        }
        func number(_ span: TraceSpan?) -> Int? {
            if case .integer(let number)? = span?.attributes["parley.turn.number"] { number } else { nil }
        }
        let turns = spans.filter { $0.name == "turn" }
        #expect(turns.compactMap { number($0) } == order.turns)
        let cut = turns.filter { $0.attributes["parley.turn.interrupted"] == .boolean(true) }
        #expect(cut.compactMap { number($0) } == order.interrupted)
        let playouts = spans.filter { $0.name == "playout" }.map { $0.parent.flatMap { byID[$0] } }
        #expect(playouts.compactMap { number($0) } == order.playouts)
    }

    @Test("a long call keeps a few turns, and sends those before")
    func long() {
        var trace = Self.trace()
        var sent = 0
        for number in 1...1000 {
            let start = number * 8000
            let spans =
                trace.fold(Self.turn(number, start, start + 3000), of: Self.call)
                + trace.fold(Self.answer(number, start + 4000, start + 7000), of: Self.call)
            sent += spans.count { $0.name == "turn" }
        }
        #expect(sent == 997)
    }

    @Test("an answer that comes when the call is over stands below the call")
    func late() {
        let identity = TraceIdentity(callID: Self.call.id)
        let spans = [Self.model(3.1), Self.model(3.2)].map {
            CallTrace.late($0, callID: Self.call.id, models: [:])
        }
        #expect(spans.allSatisfy { $0.parent == identity.root && $0.traceID == identity.traceID })
        #expect(spans.allSatisfy { $0.attributes["gen_ai.conversation.id"] == .text(Self.call.id) })
        #expect(Set(spans.map(\.id)).count == 2)
    }

    @Test("a tool is named only where there is one of that name", arguments: ["calendar_book", "call_4915112345678"])
    func toolName(name: String) throws {
        var trace = Self.trace()
        let tool = ToolCall(id: "t1", name: name, arguments: "{}", outcome: "", failed: false)
        _ = trace.fold(.note(position: 800, .toolStarted(turn: 1, tool)), of: Self.call)
        let spans = trace.fold(.note(position: 1600, .toolFinished(turn: 1, tool)), of: Self.call)
        let shown = name == "calendar_book" ? name : "_OTHER"
        #expect(spans.map(\.name) == ["execute_tool \(shown)"])
        #expect(spans.first?.attributes["gen_ai.tool.name"] == .text(shown))
    }

    @Test("requests to models have the names of the generative-AI conventions")
    func models() throws {
        let calls = Self.spans().filter { $0.name.hasPrefix("chat") }
        let (whole, broken) = (try #require(calls.first), try #require(calls.last))
        #expect(whole.kind == .client && !whole.hasFailed)
        #expect(whole.attributes["gen_ai.provider.name"] == .text("anthropic"))
        #expect(whole.attributes["gen_ai.request.model"] == .text("claude-fable"))
        #expect(whole.attributes["gen_ai.usage.input_tokens"] == .integer(90))
        #expect(whole.attributes["gen_ai.usage.cache_read.input_tokens"] == .integer(40))
        #expect(whole.attributes["gen_ai.usage.output_tokens"] == .integer(12))
        #expect(whole.attributes["gen_ai.response.finish_reasons"] == .texts(["tool_calls"]))
        #expect(whole.attributes["server.address"] == .text("mind.example.com"))
        #expect(whole.attributes["server.port"] == .integer(8443))
        #expect(broken.hasFailed && broken.attributes["error.type"] == .text("connectionLost"))
        #expect(broken.attributes["gen_ai.usage.input_tokens"] == nil)
    }

    @Test("no word, number, argument or reason is in a span")
    func private_() {
        let text = String(decoding: OTLPBody(Self.spans(), of: [:], version: "1").encoded(), as: UTF8.self)
        for word in ["4111", "Ann", "Thank", "+1555", "secret", "not there", "hung up"] {
            #expect(!text.contains(word), "\(word)")
        }
    }

    @Test("a call that goes wrong all the time keeps a bounded number of events and answers")
    func bounded() throws {
        var trace = Self.trace()
        _ = trace.fold(Self.turn(1, 0, 800), of: Self.call)
        var early = 0
        for index in 0..<100 {
            _ = trace.fold(.note(position: index, .incident(kind: "reply", detail: "")), of: Self.call)
            early += trace.fold(Self.model(0.1)).count
        }
        #expect(early == 36)
        let last = trace.fold(.finished(CallSummary(reason: "", samples: 8000, underruns: 0, echoes: 0)), of: Self.call)
        let root = try #require(last.last)
        #expect(root.events.count == 64 && root.droppedEvents == 36)
        #expect(last.count { $0.name.hasPrefix("chat") } == 64)
        #expect(Set(last.map(\.id)).count == last.count)
    }

    @Test("a trace's ids follow from the call's, and nodes agree on which calls are traced")
    func identity() {
        let identity = TraceIdentity(callID: "c0123456789abcdef")
        #expect(identity == TraceIdentity(callID: "c0123456789abcdef"))
        #expect(identity.traceID.count == 32 && identity.root.count == 16)
        #expect(identity.traceparent(isSampled: true) == "00-\(identity.traceID)-\(identity.root)-01")
        #expect(identity.traceparent(isSampled: false).hasSuffix("-00"))
        let identities = (0..<4000).map { TraceIdentity(callID: "c\($0)") }
        #expect(Set(identities.map(\.traceID)).count == 4000)
        let taken = identities.count { TraceSampler(ratio: 0.25).takes($0) }
        #expect((900..<1100).contains(taken), "\(taken)")
        #expect(identities.allSatisfy { TraceSampler(ratio: 1).takes($0) && !TraceSampler(ratio: 0).takes($0) })
    }
}

extension ModelError {
    fileprivate static var connectionLostForTest: Self { ModelError(.connectionLost, provider: "mind", detail: "Ann") }
}
