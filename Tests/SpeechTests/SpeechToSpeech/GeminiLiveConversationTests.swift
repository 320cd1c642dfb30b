import Foundation
import Networking
import Testing

@testable import Speech

/// The Live API's messages and the call's wishes in virtual time.
@Suite("A conversation by Gemini's Live API")
struct GeminiLiveConversationTests {
    private static let start = "activityStart"
    private static let end = "activityEnd"

    @Test(
        "the setup waits until the agent is known, holds the conversation so far, and turns the vendor's detection off")
    func setUp() throws {
        let conversation = GeminiLiveUnderTest()
        #expect(conversation.opened().isEmpty)
        let setup = conversation.prepare([.facts("It is Monday."), .agent(text: "Welcome.", calls: [])])
        #expect(setup.kinds == ["setup"])
        let tree = try #require(setup.trees.first?["setup"] as? [String: Any])
        #expect(tree["model"] as? String == "models/m")
        let input = tree["realtimeInputConfig"] as? [String: Any]
        #expect((input?["automaticActivityDetection"] as? [String: Any])?["disabled"] as? Bool == true)
        #expect((tree["sessionResumption"] as? [String: Any])?.isEmpty == true, "some models refuse a null")
        let instructions = ((tree["systemInstruction"] as? [String: Any])?["parts"] as? [[String: Any]])?.first
        let text = try #require(instructions?["text"] as? String)
        #expect(text.hasPrefix("Be kind.\n\n") && text.hasSuffix("[It is Monday.]\nYou: Welcome."), "\(text)")
        #expect(conversation.say().isEmpty, "nothing before the vendor has taken the connection")
        #expect(conversation.received(#"{"setupComplete":{}}"#) == [.ready])
        // What is in the setup is not told again.
        #expect(conversation.say().kinds == [Self.start, "audio"])
        #expect(conversation.commit(1).kinds == ["audio", "taken"])
        let asked = conversation.ask(1, [.facts("It is Monday."), .agent(text: "Welcome.", calls: []), .caller("")])
        #expect(asked.kinds == [Self.end])
    }

    @Test("sound goes out at 16 kHz, and the answer's comes in at 24 kHz, both as long as they were")
    func formats() {
        let conversation = GeminiLiveUnderTest.ready()
        let sent = (0..<50).flatMap { _ in conversation.say(160) } + conversation.commit(1)
        let bytes = sent.trees.compactMap {
            (($0["realtimeInput"] as? [String: Any])?["audio"] as? [String: Any])?["data"] as? String
        }.reduce(0) { $0 + (Data(base64Encoded: $1)?.count ?? 0) }
        #expect(bytes == 8000 * 2 * 2)
        conversation.ask(1)
        conversation.received(Self.words("Good."))
        for _ in 0..<10 { conversation.received(Self.sound(2400)) }
        conversation.received(#"{"serverContent":{"generationComplete":true}}"#)
        #expect(conversation.claim("Good."))
        #expect(conversation.takeAll() == 8000)
    }

    @Test("the caller's words come in pieces; they are whole when the vendor says so, or when none comes any more")
    func callersWords() {
        let conversation = GeminiLiveUnderTest.ready()
        conversation.turn(1)
        #expect(conversation.received(Self.heard("I am"), at: 1).isEmpty)
        #expect(conversation.received(Self.heard(" here"), at: 1.25).isEmpty)
        #expect(conversation.value.deadline == .milliseconds(1650))
        #expect(conversation.expire(at: 2).first == .recognized(Self.final(1, "i am here")))
        conversation.received(Self.complete)
        conversation.turn(2, at: 5)
        let told = conversation.received(
            #"{"serverContent":{"inputTranscription":{"text":"yes","finished":true}}}"#, at: 5)
        #expect(told.first == .recognized(Self.final(2, "yes")))
        conversation.received(Self.complete)
        // A cough.
        conversation.turn(3, at: 9)
        #expect(conversation.expire(at: 10.5) == [.recognized(.nothingHeard(UtteranceID(3)))])
    }

    @Test("words that came while the caller spoke are theirs, and those of what was no turn are not the next one's")
    func earlyWords() {
        let conversation = GeminiLiveUnderTest.ready()
        conversation.say()
        conversation.received(Self.heard("mm-hm"), at: 0.1)
        #expect(conversation.commit(1, at: 0.2).kinds == ["audio", "taken"])
        #expect(conversation.expire(at: 0.75) == [.recognized(Self.final(1, "mm hm"))])
        // The same activity goes on.
        #expect(conversation.say().kinds == ["audio"])
        conversation.received(Self.heard("what now"), at: 3)
        conversation.commit(2, at: 3.1)
        #expect(conversation.ask(1).kinds == [Self.end])
        #expect(
            conversation.expire(at: 4) == [
                .recognized(Self.final(2, "what now")), .answer(1, .heard("what now", confidence: 0.85)),
            ])
    }

    @Test("an answer ends with its last sound, and tells the cost that comes with the end of the turn")
    func cost() {
        let conversation = GeminiLiveUnderTest.ready()
        conversation.turn(1)
        conversation.received(Self.heard("hello"))
        conversation.expire(at: 1)
        conversation.received(Self.words("Good."))
        conversation.received(Self.sound(2400), at: 1)
        let whole = conversation.received(#"{"serverContent":{"generationComplete":true}}"#, at: 1)
        #expect(whole == [.answer(1, .textEnded)])
        #expect(conversation.value.deadline == .seconds(1.5))
        let usage =
            #""usageMetadata":{"promptTokenCount":20,"cachedContentTokenCount":6,"responseTokenCount":10,"thoughtsTokenCount":3,"promptTokensDetails":[{"modality":"TEXT","tokenCount":8},{"modality":"AUDIO","tokenCount":12}],"cacheTokensDetails":[{"modality":"AUDIO","tokenCount":6}],"responseTokensDetails":[{"modality":"AUDIO","tokenCount":10}]}"#
        var finish = RealtimeFinish(reason: .stop)
        (finish.inputTokens, finish.cachedTokens, finish.outputTokens) = (20, 6, 13)
        (finish.soundIn, finish.soundOut) = (6, 10)
        #expect(
            conversation.received("{\"serverContent\":{\"turnComplete\":true},\(usage)}", at: 1.2)
                == [.answer(1, .finished(finish))])
        #expect(conversation.value.isIdle)
        // One that comes late is the next answer's.
        conversation.turn(2)
        conversation.received(Self.heard("and"))
        conversation.expire(at: 3)
        conversation.received(Self.words("Well."))
        conversation.received(#"{"serverContent":{"generationComplete":true}}"#, at: 4)
        #expect(conversation.expire(at: 4.5) == [.answer(2, .finished(RealtimeFinish(reason: .stop)))])
        conversation.received("{\"serverContent\":{\"turnComplete\":true},\(usage)}", at: 9)
        conversation.turn(3)
        conversation.received(Self.heard("so"))
        conversation.expire(at: 11)
        conversation.received(Self.words("Yes."))
        #expect(conversation.received(Self.complete, at: 11).last == .answer(3, .finished(finish)))
    }

    @Test("the caller's activity ends an answer; of what they heard the model is told in words, beside their next turn")
    func interruption() {
        let conversation = GeminiLiveUnderTest.ready()
        conversation.turn(1)
        conversation.received(Self.heard("tell me"))
        conversation.expire(at: 1)
        conversation.received(Self.words("This is a story that goes on."))
        for _ in 0..<10 { conversation.received(Self.sound(2400), at: 1) }
        #expect(conversation.claim("This is a story that goes on."))
        conversation.takeAll()
        // The caller speaks over it: that ends it at the vendor.
        #expect(conversation.say().kinds == [Self.start, "audio"])
        #expect(conversation.cutReply(heard: 1608).isEmpty, "nothing more to say to the vendor")
        #expect(conversation.received(#"{"serverContent":{"interrupted":true}}"#).isEmpty)
        #expect(conversation.received(Self.sound(2400)).isEmpty)
        conversation.commit(2)
        let messages: [RealtimeMessage] = [.caller("tell me"), .agent(text: "This is", calls: []), .caller("")]
        let asked = conversation.ask(2, messages)
        #expect(asked.kinds == ["text", Self.end])
        #expect(asked.texts == [#"[You were cut off. Of what you said last the caller has heard only: "This is"]"#])
        // What still comes of the turn that was cut is nobody's.
        #expect(conversation.received(Self.sound(2400)).isEmpty)
        #expect(conversation.value.counts.lateDeltas == 2)
        #expect(conversation.received(Self.complete).isEmpty)
        #expect(conversation.received(Self.words("Good.")) == [.answer(2, .text("Good."))])
    }

    @Test("an answer that is given up without a word of the caller's is ended by an activity, in which they go on")
    func givenUp() {
        let conversation = GeminiLiveUnderTest.ready()
        conversation.turn(1)
        conversation.received(Self.words("Well,"))
        #expect(conversation.cancel(1, at: 1).kinds == [Self.start])
        #expect(conversation.value.deadline == .seconds(1.5), "the words' deadline comes first")
        conversation.received(#"{"serverContent":{"interrupted":true}}"#, at: 1)
        conversation.received(Self.complete, at: 1)
        #expect(conversation.say().kinds == ["audio"])
        conversation.commit(2, at: 2)
        #expect(conversation.ask(2).texts == ["[The caller has heard nothing of what you said last.]"])
    }

    @Test(
        "a tool's result goes back under its name, with what else is to be known; a vendor that gave the call up is told"
    )
    func tools() {
        let conversation = GeminiLiveUnderTest.ready()
        conversation.turn(1)
        conversation.received(Self.heard("warmer"))
        conversation.expire(at: 1)
        let call = RealtimeToolCall(id: "c1", name: "set", arguments: #"{"far":1.5,"target":70}"#)
        let called = conversation.received(
            #"{"toolCall":{"functionCalls":[{"id":"c1","name":"set","args":{"target":70,"far":1.5}}]}}"#)
        #expect(called == [.answer(1, .call(call)), .answer(1, .finished(RealtimeFinish(reason: .toolCalls)))])
        var messages: [RealtimeMessage] = [
            .caller("warmer"), .agent(text: "", calls: [call]), .result(call: "c1", content: "done"),
            .facts("Careful."),
        ]
        let answered = conversation.ask(2, messages)
        #expect(answered.kinds == ["toolResponse"])
        let response =
            (answered.trees.first?["toolResponse"] as? [String: Any])?["functionResponses"] as? [[String: Any]]
        #expect(response?.first?["id"] as? String == "c1" && response?.first?["name"] as? String == "set")
        let content = response?.first?["response"] as? [String: Any]
        #expect(content?["result"] as? String == "done" && content?["notes"] as? [String] == ["[Careful.]"])
        // The end of the turn that called is not the end of the one that answers.
        #expect(conversation.received(Self.complete).isEmpty)
        #expect(conversation.received(Self.words("Done.")) == [.answer(2, .text("Done."))])
        conversation.received(Self.complete)

        conversation.turn(2)
        conversation.received(Self.heard("again"))
        conversation.expire(at: 9)
        let second = RealtimeToolCall(id: "c2", name: "set", arguments: "{}")
        conversation.received(#"{"toolCall":{"functionCalls":[{"id":"c2","name":"set","args":{}}]}}"#)
        conversation.received(#"{"toolCallCancellation":{"ids":["c2"]}}"#)
        messages += [
            .agent(text: "Done.", calls: []), .caller("again"), .agent(text: "", calls: [second]),
            .result(call: "c2", content: "hot"),
        ]
        let told = conversation.ask(4, messages)
        #expect(told.kinds == [Self.start, "text", Self.end])
        #expect(told.texts == ["[The tool set has returned: hot]"])
    }

    @Test(
        "tools that are forbidden for one answer are taken away for it")
    func context() throws {
        let conversation = GeminiLiveUnderTest.ready()
        let tool = RealtimeTool(name: "set", summary: "Sets.", parameters: #"{"type":"object"}"#)
        conversation.say()
        conversation.commit(1)
        let first = conversation.ask(1, tools: [tool])
        #expect(first.kinds == ["contextUpdate", Self.end])
        conversation.received(Self.heard("hello"))
        conversation.expire(at: 1)
        conversation.received(Self.complete)
        conversation.say()
        conversation.commit(2)
        let second = conversation.ask(2, tools: [tool], forbidsTools: true)
        let update = try #require(second.trees.first?["contextUpdate"] as? [String: Any])
        #expect(((update["tools"] as? [String: Any])?["tools"] as? [Any])?.isEmpty == true)
    }

    @Test(
        "a connection that is to be left is renewed, and goes on with the vendor's memory; what it was told since is told again"
    )
    func resumption() throws {
        let conversation = GeminiLiveUnderTest.ready()
        conversation.turn(1)
        conversation.received(Self.heard("hello"))
        conversation.expire(at: 1)
        conversation.received(Self.words("Good."))
        conversation.received(Self.complete)
        conversation.received(#"{"sessionResumptionUpdate":{"resumable":false}}"#)
        conversation.received(#"{"sessionResumptionUpdate":{"newHandle":"h1","resumable":true}}"#)
        conversation.received(#"{"goAway":{"timeLeft":"50s"}}"#)
        #expect(conversation.value.isRenewalDue)
        conversation.disconnected(.cancelled)
        let setup = conversation.opened()
        #expect(
            setup.trees.first.map { ($0["setup"] as? [String: Any])?["sessionResumption"] as? [String: String] }
                == ["handle": "h1"])
        conversation.received(#"{"setupComplete":{}}"#)
        #expect(!conversation.value.isRenewalDue)
        conversation.say()
        conversation.commit(2)
        let asked = conversation.ask(2, [.caller("hello"), .agent(text: "Good.", calls: []), .caller("")])
        #expect(asked.kinds.last == Self.end && asked.texts.isEmpty, "it knows what was said: \(asked)")
        // A handle that is not known any more is given up, and the conversation is told in writing.
        conversation.disconnected(.unavailable)
        #expect(conversation.opened().kinds == ["setup"])
        #expect(conversation.value.isResuming)
        conversation.disconnected(.refused)
        let anew = try #require(conversation.opened().trees.first?["setup"] as? [String: Any])
        #expect((anew["sessionResumption"] as? [String: Any])?.isEmpty == true)
        let text = "\(anew["systemInstruction"] ?? "")"
        #expect(text.contains("Caller: hello"), "\(text)")
    }

    @Test(
        "why a connection was closed",
        arguments: [
            (1007, "API key not valid. Please pass a valid API key.", SpeechError.Code.unauthorized),
            (1007, "Request contains an invalid argument.", .refused),
            (1008, "models/x is not found", .refused),
            (1011, "You exceeded your current quota", .overloaded), (1011, "Internal error", .unavailable),
        ])
    func closing(code: UInt16, text: String, expected: SpeechError.Code) {
        let dialect = GeminiLiveDialect(GeminiLiveConfiguration(apiKey: "k"))
        #expect(dialect.error(of: .peer(code: code, reason: text)).code == expected)
    }

    @Test(
        "a turn that the vendor gives up is no answer; one it withholds is cut",
        arguments: [
            ("MALFORMED_FUNCTION_CALL", nil), ("PROHIBITED_INPUT_CONTENT", .contentFilter), ("NEED_MORE_INPUT", .stop),
        ] as [(String, RealtimeFinish.Reason?)])
    func reasons(reason: String, expected: RealtimeFinish.Reason?) {
        let conversation = GeminiLiveUnderTest.ready()
        conversation.turn(1)
        conversation.received(Self.heard("hello"))
        conversation.expire(at: 1)
        let end = conversation.received(
            #"{"serverContent":{"turnComplete":true,"turnCompleteReason":"\#(reason)"}}"#, at: 1)
        switch (end.last, expected) {
        case (.failed(1, _)?, nil): break
        case (.answer(1, .finished(let finish))?, let expected?): #expect(finish.reason == expected)
        default: Issue.record("\(end)")
        }
    }

    @Test(
        "what cannot be read is not an event",
        arguments: [
            "{", "[]", #"{"serverContent":{"turnComplete":"yes"}}"#,
            #"{"serverContent":{"modelTurn":{"parts":[{"inlineData":{"mimeType":"audio/opus","data":"AAAA"}}]}}}"#,
            #"{"serverContent":{"modelTurn":{"parts":[{"inlineData":{"mimeType":"audio/pcm;rate=7","data":"AAAA"}}]}}}"#,
            #"{"serverContent":{"modelTurn":{"parts":[{"inlineData":{"mimeType":"audio/pcm;rate=24000","data":"?"}}]}}}"#,
        ])
    func unreadable(message: String) {
        let conversation = GeminiLiveUnderTest.ready()
        conversation.turn(1)
        #expect(!conversation.canRead(message))
    }

    private static let complete = #"{"serverContent":{"turnComplete":true}}"#

    private static func words(_ text: String) -> String {
        #"{"serverContent":{"outputTranscription":{"text":"\#(text)"}}}"#
    }

    private static func heard(_ text: String) -> String {
        #"{"serverContent":{"inputTranscription":{"text":"\#(text)"}}}"#
    }

    /// So many samples at 24 kHz.
    private static func sound(_ count: Int) -> String {
        let data = Data(repeating: 0x10, count: count * 2).base64EncodedString()
        return
            #"{"serverContent":{"modelTurn":{"parts":[{"inlineData":{"mimeType":"audio/pcm;rate=24000","data":"\#(data)"}}]}}}"#
    }

    private static func final(_ number: UInt32, _ words: String) -> RecognitionEvent {
        .final(Transcript(utterance: UtteranceID(number), text: words, confidence: 0.85))
    }
}
