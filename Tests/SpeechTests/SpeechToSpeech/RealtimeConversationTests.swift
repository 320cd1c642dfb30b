import Testing

@testable import Speech

/// The vendor's events and the call's wishes in virtual time.
@Suite("A conversation with a model that hears and speaks")
struct RealtimeConversationTests {
    private static let audio = [UInt8](repeating: 0x20, count: 8000)

    @Test("the turn is committed, told and answered without waiting for its words, and they find their turn")
    func order() {
        let conversation = ConversationUnderTest()
        let committed = conversation.committed(1)
        #expect(committed == [.send(RealtimeClientEvent.commit), .recognized(.taken(UtteranceID(1)))])
        #expect(
            conversation.ask(1, [.facts("It is Monday."), .caller("")]).types
                == ["session.update", "conversation.item.create", "response.create"])
        #expect(conversation.received(.committed(item: "u1")).isEmpty)
        conversation.received(.responseCreated("r1"))
        let text = conversation.received(.transcript(response: "r1", item: "i1", text: "Good."))
        #expect(text == [.answer(1, .text("Good."))])
        #expect(
            conversation.received(.audio(response: "r1", item: "i1", Self.audio)) == [.answer(1, .progress)])
        // The answer is whole, the words are not there: its end waits for them, its audio does not.
        let done = RealtimeServerEvent.responseDone(response: "r1", .init(status: "completed"))
        #expect(conversation.received(done, at: 1) == [.answer(1, .textEnded)])
        #expect(conversation.claim("Good."))
        #expect(conversation.take() == .audio(Self.audio))
        #expect(conversation.value.deadline == .seconds(3))
        let words = conversation.received(.transcribed(item: "u1", text: "Hello, it's me!"), at: 2)
        #expect(
            words == [
                .recognized(
                    .final(Transcript(utterance: UtteranceID(1), text: "hello it's me", confidence: 0.85))),
                .answer(1, .heard("hello it's me", confidence: 0.85)),
                .answer(1, .finished(RealtimeFinish(reason: .stop))),
            ])
        #expect(conversation.value.isIdle)
    }

    @Test("a yes that was no turn is no part of the next turn's words")
    func strayYes() {
        let conversation = ConversationUnderTest()
        // Over the agent, and judged to be nobody's turn.
        conversation.committed(1)
        conversation.received(.committed(item: "u1"))
        conversation.received(.transcribed(item: "u1", text: "okay"))
        conversation.committed(2)
        conversation.received(.committed(item: "u2"))
        conversation.ask(1)
        let words = conversation.received(.transcribed(item: "u2", text: "let me think about it"))
        #expect(words.last == .answer(1, .heard("let me think about it", confidence: 0.85)))
        // What waits for the end of another answer is about the turn that it was asked about.
        conversation.received(.responseCreated("r1"))
        conversation.committed(3)
        conversation.received(.committed(item: "u3"))
        conversation.ask(2, [.caller("let me think about it"), .caller("")])
        conversation.committed(4)
        conversation.received(.committed(item: "u4"))
        conversation.received(.responseDone(response: "r1", .init(status: "completed")))
        #expect(conversation.received(.transcribed(item: "u4", text: "yes")).count == 1)
        #expect(
            conversation.received(.transcribed(item: "u3", text: "no")).last
                == .answer(2, .heard("no", confidence: 0.85)))
    }

    @Test("the last sentence is whole when the vendor says that its words are, once")
    func textEnded() {
        let conversation = ConversationUnderTest()
        conversation.answer("Good.")
        #expect(conversation.received(.transcriptEnded(response: "r1")) == [.answer(1, .textEnded)])
        #expect(conversation.received(.transcriptEnded(response: "r1")).isEmpty)
        #expect(conversation.received(.responseDone(response: "r1", .init(status: "completed")), at: 1).isEmpty)
        #expect(conversation.value.deadline == .seconds(3))
    }

    @Test("words that do not come are not waited for longer than that")
    func wordsOverdue() {
        let conversation = ConversationUnderTest()
        conversation.answer("Good.")
        conversation.received(.responseDone(response: "r1", .init(status: "completed")), at: 1)
        #expect(conversation.expire(at: 2.999).isEmpty)
        #expect(conversation.expire(at: 3) == [.answer(1, .finished(RealtimeFinish(reason: .stop)))])
        // They come all the same, and the record gets them.
        let late = conversation.received(.transcribed(item: "u1", text: ""), at: 9)
        #expect(late == [.recognized(.nothingHeard(UtteranceID(1)))])
    }

    @Test("tools are called when the response is done and the words are known; their results go back before the next")
    func tools() {
        let conversation = ConversationUnderTest()
        conversation.answer("One moment.")
        conversation.received(.transcribed(item: "u1", text: "look it up"))
        let call = RealtimeToolCall(id: "c1", name: "lookup", arguments: "{}")
        #expect(conversation.received(.call(response: "r1", call)).isEmpty)
        // The response names it once more.
        let outcome = RealtimeServerEvent.Outcome(status: "completed", calls: [call], inputTokens: 9, outputTokens: 2)
        let done = conversation.received(.responseDone(response: "r1", outcome))
        let finish = RealtimeFinish(reason: .toolCalls, inputTokens: 9, outputTokens: 2)
        #expect(done == [.answer(1, .call(call)), .answer(1, .finished(finish))])
        let next = conversation.ask(
            2,
            [
                .caller("look it up"), .agent(text: "One moment.", calls: [call]), .result(call: "c1", content: "7"),
            ])
        #expect(next.types == ["conversation.item.create", "response.create"])
        guard case .send(let result)? = next.first else {
            Issue.record("\(next)")
            return
        }
        #expect(told(result) == "function_call_output: 7")
        // What the first response holds is still to be spoken.
        #expect(conversation.claim("One moment."))
    }

    @Test(
        "a caller who interrupts: cancelled, late pieces dropped, the truth told, and the next question waits its turn")
    func interruption() {
        let conversation = ConversationUnderTest()
        conversation.answer("It is a long story.")
        #expect(conversation.beginReply().isEmpty)
        #expect(conversation.claim("It is a long story."))
        conversation.received(.audio(response: "r1", item: "i1", Self.audio))
        #expect(conversation.take() == .audio(Self.audio))
        let cut = conversation.cutReply(heard: 4004, at: 1)
        #expect(
            cut == [
                .send(RealtimeClientEvent.cancel("r1")), .send(RealtimeClientEvent.truncate("i1", heard: 500)),
            ])
        #expect(conversation.received(.audio(response: "r1", item: "i1", Self.audio), at: 1).isEmpty)
        #expect(conversation.received(.transcript(response: "r1", item: "i1", text: "No."), at: 1).isEmpty)
        #expect(conversation.value.counts.lateDeltas == 2 && conversation.value.counts.truncations == 1)
        #expect(conversation.value.waitingSamples == 0)
        conversation.received(.transcribed(item: "u1", text: "a"), at: 1)
        conversation.committed(2)
        #expect(conversation.ask(2, [.caller("a"), .agent(text: "It is …", calls: []), .caller("")]).isEmpty)
        let done = conversation.received(.responseDone(response: "r1", .init(status: "cancelled")), at: 2)
        #expect(done.types == ["response.create"])
        // And the one who asked first hears nothing of it any more.
        #expect(conversation.cancel(1, at: 2).isEmpty)
    }

    @Test(
        "never more is told to be heard than came, an item of which nothing was heard is deleted, a heard one is left")
    func truncation() {
        let conversation = ConversationUnderTest()
        conversation.answer("Yes.")
        conversation.received(.audio(response: "r1", item: "i1", Self.audio))
        conversation.received(.transcribed(item: "u1", text: "a"))
        conversation.beginReply()
        #expect(conversation.claim("Yes."))
        conversation.take()
        #expect(
            conversation.cutReply(heard: 80_000).types == [
                "response.cancel", "conversation.item.truncate",
            ])
        conversation.received(.responseDone(response: "r1", .init(status: "cancelled")))

        // A whole answer, heard wholly: nothing is to be said of it.
        conversation.ask(2, [.caller("b")])
        for event: RealtimeServerEvent in [
            .responseCreated("r2"), .transcript(response: "r2", item: "i2", text: "No."),
            .audio(response: "r2", item: "i2", Self.audio), .responseDone(response: "r2", .init(status: "completed")),
        ] { conversation.received(event) }
        conversation.beginReply()
        #expect(conversation.claim("No.") && conversation.take() == .audio(Self.audio) && conversation.take() == .end)
        // The agent asks whether the caller is there, by another voice, and is interrupted in that.
        #expect(conversation.beginReply().isEmpty)
        conversation.gave(other: 4000)
        #expect(conversation.cutReply(heard: 300).isEmpty)

        // The answer is cancelled before its reply is cut, as a call does; the vendor stalls, or has ended it meanwhile.
        for hasEnded in [false, true] {
            let conversation = ConversationUnderTest()
            conversation.answer("Yes.")
            conversation.received(.audio(response: "r1", item: "i1", Self.audio))
            conversation.beginReply()
            #expect(conversation.claim("Yes."))
            conversation.take()
            #expect(conversation.cancel(1).types == ["response.cancel"])
            if hasEnded { conversation.received(.responseDone(response: "r1", .init(status: "cancelled"))) }
            #expect(conversation.cutReply(heard: 8000) == [.send(RealtimeClientEvent.truncate("i1", heard: 1000))])
        }

        // An answer that nobody heard.
        conversation.ask(3, [.caller("c")])
        conversation.received(.responseCreated("r3"))
        conversation.received(.transcript(response: "r3", item: "i3", text: "Maybe."))
        #expect(
            conversation.cutReply(heard: 0).types == ["response.cancel", "conversation.item.delete"])
    }

    @Test("what the dialogue held back is taken out of the vendor's memory before the next turn")
    func heldBack() {
        let conversation = ConversationUnderTest()
        conversation.answer("One moment. It is booked.")
        conversation.received(.transcribed(item: "u1", text: "book it"))
        let audio = [UInt8](repeating: 0x20, count: 5760) + [UInt8](repeating: 0xFF, count: 800) + Self.audio
        conversation.received(.audio(response: "r1", item: "i1", audio))
        conversation.received(.responseDone(response: "r1", .init(status: "completed")))
        conversation.beginReply()
        #expect(conversation.claim("One moment."))
        guard case .audio(let given) = conversation.take() else {
            Issue.record("no audio")
            return
        }
        #expect(conversation.take() == .end)
        let next = conversation.ask(
            2, [.caller("book it"), .agent(text: "One moment.", calls: []), .caller("so")])
        #expect(next.first == .send(RealtimeClientEvent.truncate("i1", heard: given.count / 8)))
    }

    @Test("what the vendor has against a message ends what it is about, and nothing else")
    func errors() {
        let conversation = ConversationUnderTest()
        conversation.answer("Good.")
        func told(_ code: String, about id: String? = nil) -> [RealtimeConversation.Action] {
            conversation.received(.failed(.init(code: code, message: "m", eventID: id)))
        }
        #expect(told("response_cancel_not_active").isEmpty)
        #expect(told("item_not_found") == [.complain("item_not_found: m")])
        #expect(conversation.value.counts.complaints == 1)
        if case .reconnect? = told("session_expired").first {} else { Issue.record("no new session") }
        guard case .refused(let error)? = told("invalid_api_key").first else {
            Issue.record("the key was not refused")
            return
        }
        #expect(error.code == .unauthorized)
        let other = ConversationUnderTest()
        other.ask(1, [.caller("a")])
        let failed = other.received(
            .failed(.init(code: "conversation_already_has_active_response", message: "m", eventID: "ask_1")))
        guard case .failed(1, let reason)? = failed.first else {
            Issue.record("\(failed)")
            return
        }
        #expect(reason.isRetryable && other.value.isIdle)
    }

    @Test("a failed response says why", arguments: [("rate_limit_exceeded", true), ("invalid_prompt", false)])
    func failure(code: String, isRetryable: Bool) {
        let conversation = ConversationUnderTest()
        conversation.answer("")
        let outcome = RealtimeServerEvent.Outcome(status: "failed", failure: .init(code: code, message: "m"))
        let actions = conversation.received(.responseDone(response: "r1", outcome))
        guard case .failed(1, let error)? = actions.first else {
            Issue.record("\(actions)")
            return
        }
        #expect(error.isRetryable == isRetryable && error.detail == "\(code): m")
    }

    @Test("an answer cut by the vendor says so, and its calls are not made")
    func incomplete() {
        let conversation = ConversationUnderTest()
        conversation.ask(1, [.caller("a")])
        let call = RealtimeToolCall(id: "c", name: "n", arguments: "{")
        let done = conversation.received(
            .responseDone(
                response: "r1", .init(status: "incomplete", calls: [call], reason: "max_output_tokens")))
        #expect(done == [.answer(1, .finished(RealtimeFinish(reason: .length)))])
    }

    @Test("a connection that breaks ends what was under way; the next one is told the rest, and asked what waited")
    func reconnection() {
        let conversation = ConversationUnderTest()
        conversation.answer("Good.")
        let broken = SpeechError(.unavailable, operation: "o", provider: "p", detail: "d")
        #expect(
            conversation.disconnected(broken) == [.failed(1, broken), .recognized(.failed(UtteranceID(1), broken))])
        let messages: [RealtimeMessage] = [.caller("hello"), .agent(text: "Sorry?", calls: []), .caller("again")]
        #expect(conversation.ask(2, messages).isEmpty)
        #expect(
            conversation.opened().types == [
                "session.update", "conversation.item.create", "conversation.item.create", "conversation.item.create",
                "response.create",
            ])
    }

    @Test("a turn whose sound went down with the connection is not answered at random")
    func lostTurn() {
        let conversation = ConversationUnderTest()
        let actions = conversation.ask(1)
        guard case .failed(1, let error)? = actions.last else {
            Issue.record("\(actions)")
            return
        }
        #expect(error.isRetryable && error.detail.contains("lost with the connection"))
    }

    @Test("a response that will not end is left with its connection")
    func stuck() {
        let conversation = ConversationUnderTest()
        conversation.answer("Good.")
        #expect(conversation.cancel(1, at: 1).types == ["response.cancel"])
        #expect(conversation.value.deadline == .seconds(4))
        guard case .reconnect? = conversation.expire(at: 4).first else {
            Issue.record("it waits for ever")
            return
        }
    }

    @Test("audio that would not fit is not kept")
    func overlong() {
        let conversation = ConversationUnderTest { $0.settings.longestReply = 12_000 }
        conversation.answer("Good.")
        conversation.received(.audio(response: "r1", item: "i1", Self.audio))
        let actions = conversation.received(.audio(response: "r1", item: "i1", Self.audio))
        #expect(actions.types.first == "response.cancel")
        #expect(conversation.value.counts.overlong == 1 && conversation.value.waitingSamples == 8000)
    }

    @Test("the names of the beta are understood as well")
    func names() throws {
        func event(_ text: String) throws -> RealtimeServerEvent { try RealtimeServerEvent(text.utf8Span.span) }
        let tail = #","response_id":"r","item_id":"i","output_index":0,"content_index":0,"delta":"gICA"}"#
        for type in ["response.output_audio.delta", "response.audio.delta"] {
            #expect(
                try event(#"{"type":"\#(type)""# + tail) == .audio(response: "r", item: "i", [0x80, 0x80, 0x80]))
        }
        for type in ["response.output_audio_transcript.delta", "response.audio_transcript.delta"] {
            #expect(
                try event(#"{"type":"\#(type)""# + tail) == .transcript(response: "r", item: "i", text: "gICA"))
        }
        #expect(
            try event(
                #"{"type":"response.done","response":{"id":"r","status":"failed","status_details":{"type":"failed","error":{"type":"server_error","code":"c","message":"m"}},"output":[],"usage":null}}"#
            )
                == .responseDone(
                    response: "r", .init(status: "failed", failure: .init(code: "c", message: "m"))))
        #expect(try event(#"{"type":"something.new","event_id":"e"}"#) == .other)
        #expect(throws: (any Error).self) { try event(#"{"type":"response.audio.delta","delta":"?"}"#) }
        #expect(throws: (any Error).self) { try event(#"{"type":"#) }
    }
}
