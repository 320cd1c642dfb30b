import AudioCore
import Networking
import Testing

@testable import Speech

@Suite("What recognizers say on their sockets, right and wrong")
struct StreamingDialectTests {
    enum Vendor: String, CaseIterable, Sendable {
        case scribe, ink, soniox, speechmatics, azure

        func dialect(language: String = "en") throws -> any StreamingDialect {
            let vocabulary = SpeechVocabulary(contexts: [])
            return switch self {
            case .scribe: ScribeDialect(ScribeConfiguration(apiKey: "", language: language))
            case .ink: InkDialect(InkConfiguration(apiKey: ""))
            case .soniox:
                SonioxDialect(
                    SonioxConfiguration(apiKey: "", language: language), format: ("mulaw", 8000), vocabulary: vocabulary
                )
            case .speechmatics:
                try SpeechmaticsDialect(
                    SpeechmaticsConfiguration(apiKey: "", language: language), format: .telephone,
                    vocabulary: vocabulary)
            case .azure: AzureTranscriptionDialectTests.dialect(languages: language)
            }
        }
    }

    private static func azureStatus(_ status: String) -> String {
        AzureTranscriptionDialectTests.message("speech.phrase", #"{"RecognitionStatus":"\#(status)"}"#)
    }

    private func segments(_ replies: [StreamingReply]) -> [RecognizedSegment] {
        replies.compactMap { if case .segment(let segment) = $0 { segment } else { nil } }
    }

    private func read(_ dialect: inout any StreamingDialect, _ text: String, sent: Double = 2) throws
        -> [StreamingReply]
    {
        try dialect.read(text.utf8Span.span, sent: sent)
    }

    @Test(
        "what is no message of theirs says nothing", arguments: Vendor.allCases,
        [
            "", "null", "[]", "7", "{}", "{\"", #"{"type":7,"message":7,"message_type":7,"tokens":7}"#,
            #"{"type":"turn.update","message":"AddTranscript","message_type":"partial_transcript","transcript":[],"results":{},"text":{},"tokens":{}}"#,
            #"{"type":"turn.end","message":"new","message_type":"new","tokens":[]}"#,
            String(repeating: "[", count: 100_000), #"{"tokens":[{"text":"a","start_ms":1e999,"is_final":true}]}"#,
        ])
    func garbage(vendor: Vendor, text: String) throws {
        var dialect = try vendor.dialect()
        _ = dialect.opened()
        let replies = (try? read(&dialect, text)) ?? []
        #expect(segments(replies).allSatisfy { $0.transcript.isEmpty && !$0.isFinal }, "\(replies)")
    }

    @Test(
        "times that cannot be are counted, and make no words", arguments: ["-5", "-0.001", "1e300", "9e9"],
        [Vendor.soniox, .speechmatics])
    func times(time: String, vendor: Vendor) throws {
        var dialect = try vendor.dialect()
        _ = dialect.opened()
        let text =
            vendor == .soniox
            ? #"{"tokens":[{"text":"hello","start_ms":\#(time),"end_ms":\#(time),"is_final":true},{"text":"<fin>","is_final":true}]}"#
            : #"{"message":"AddTranscript","metadata":{"start_time":\#(time),"end_time":\#(time),"transcript":"hello"},"results":[{"type":"word","start_time":\#(time),"end_time":\#(time),"alternatives":[{"content":"hello"}]}]}"#
        var assembler = SegmentAssembler()
        assembler.begin(UtteranceID(1), at: 8000)
        for segment in segments(try read(&dialect, text)) { #expect(assembler.received(segment).isEmpty) }
        #expect(assembler.implausibleCount == 1)
    }

    @Test("Soniox' pieces become words once they are whole, and each message counts once")
    func soniox() throws {
        var dialect = try Vendor.soniox.dialect(language: "multi")
        _ = dialect.opened()
        let first =
            #"{"tokens":[{"text":"Hel","start_ms":0,"end_ms":90,"confidence":0.9,"is_final":true,"language":"en"}],"final_audio_proc_ms":90,"total_audio_proc_ms":200}"#
        var heard = segments(try read(&dialect, first))
        #expect(heard.map(\.transcript) == ["hel"] && !heard[0].isFinal)
        #expect(try read(&dialect, first).isEmpty, "it came twice")
        heard = segments(
            try read(
                &dialect,
                #"{"tokens":[{"text":"lo,","start_ms":90,"end_ms":180,"confidence":0.7,"is_final":true,"language":"en"},{"text":" wor","start_ms":200,"end_ms":300,"is_final":false}],"final_audio_proc_ms":180,"total_audio_proc_ms":400}"#
            ))
        #expect(heard.map(\.transcript) == ["hello", "wor"] && heard.map(\.isFinal) == [true, false])
        #expect(heard[0].words.map(\.end) == [0.18] && abs(heard[0].confidence - 0.8) < 0.001)
        #expect(heard[0].words[0].language == "en" && heard[1].start == 0.2 && heard[1].duration == 0.2)
        #expect(dialect.finalize(sent: 1.5) == #"{"type":"finalize"}"#)
        heard = segments(
            try read(
                &dialect,
                #"{"tokens":[{"text":" world","start_ms":200,"end_ms":500,"is_final":true},{"text":"<fin>","is_final":true}],"final_audio_proc_ms":1400}"#
            ))
        #expect(heard.map(\.transcript) == ["world"] && heard[0].fromFinalize && heard[0].speechFinal)
        #expect(heard[0].start + heard[0].duration == 1.5, "what was given before the question is answered")
        heard = segments(
            try read(
                &dialect,
                #"{"tokens":[{"text":"42","start_ms":1600,"end_ms":1900,"is_final":true},{"text":"<end>","is_final":true}],"final_audio_proc_ms":2000}"#
            ))
        #expect(heard.map(\.transcript) == ["forty-two"] || heard.map(\.transcript) == ["forty two"])
        #expect(heard[0].endOfTurn == 1 && !heard[0].fromFinalize)
    }

    @Test("Speechmatics' finals follow one another, and the end of an utterance ends it")
    func speechmatics() throws {
        var dialect = try Vendor.speechmatics.dialect()
        let start = dialect.opened()
        #expect(start.count == 1 && start[0].contains(#""encoding":"mulaw""#) && start[0].contains(#""max_delay":0.7"#))
        #expect(try read(&dialect, #"{"message":"RecognitionStarted","id":"x"}"#) == [.ready])
        #expect(try read(&dialect, #"{"message":"AudioAdded","seq_no":1}"#).isEmpty)
        let final =
            #"{"message":"AddTranscript","metadata":{"start_time":0.2,"end_time":1.1,"transcript":"Yes, please. "},"results":[{"type":"word","start_time":0.2,"end_time":0.5,"alternatives":[{"content":"Yes","confidence":0.9,"language":"en"}]},{"type":"punctuation","start_time":0.5,"end_time":0.5,"alternatives":[{"content":","}]},{"type":"word","start_time":0.6,"end_time":1.1,"alternatives":[{"content":"please","confidence":0.8}]}]}"#
        let heard = segments(try read(&dialect, final))
        #expect(heard.map(\.transcript) == ["yes please"] && heard[0].words.count == 2 && heard[0].isFinal)
        #expect(heard[0].words[0].language == nil, "it was not asked to find the language")
        #expect(try read(&dialect, final).isEmpty, "it came twice")
        #expect(dialect.finalize(sent: 1.6) == #"{"message":"ForceEndOfUtterance","timestamp":1.6}"#)
        let end = #"{"message":"EndOfUtterance","metadata":{"start_time":1.1,"end_time":1.1}}"#
        let answer = segments(try read(&dialect, end))
        #expect(answer[0].fromFinalize && answer[0].start + answer[0].duration == 1.6 && answer[0].endOfTurn == nil)
        let belief = segments(try read(&dialect, end))
        #expect(belief[0].endOfTurn == 1 && !belief[0].fromFinalize)
    }

    @Test("Cartesia's turns are what was sent between their beginning and end, and end once")
    func ink() throws {
        var dialect = try Vendor.ink.dialect()
        _ = dialect.opened()
        #expect(try read(&dialect, #"{"type":"turn.start","request_id":"x"}"#, sent: 2).isEmpty)
        var heard = segments(
            try read(&dialect, #"{"type":"turn.update","transcript":"Hello","request_id":"x"}"#, sent: 2.4))
        #expect(heard.map(\.transcript) == ["hello"] && heard[0].start == 1.5 && !heard[0].isFinal)
        heard = segments(try read(&dialect, #"{"type":"turn.eager_end","transcript":"Hello there."}"#, sent: 3))
        #expect(heard[0].endOfTurn == 0.6)
        #expect(segments(try read(&dialect, #"{"type":"turn.resume"}"#, sent: 3)).map(\.endOfTurn) == [0])
        #expect(dialect.finalize(sent: 3.2) == nil, "there is nothing to ask with")
        heard = segments(try read(&dialect, #"{"type":"turn.end","transcript":"Hello there."}"#, sent: 3.3))
        #expect(heard.map(\.transcript) == ["hello there"] && heard[0].isFinal && heard[0].fromFinalize)
        #expect(try read(&dialect, #"{"type":"turn.end","transcript":"Hello there."}"#, sent: 3.3).isEmpty)
    }

    @Test(
        "what an error means decides whether it is tried again",
        arguments: [
            (Vendor.scribe, #"{"message_type":"auth_error","error":"no"}"#, SpeechError.Code.unauthorized),
            (.scribe, #"{"message_type":"rate_limited","error":"no"}"#, .overloaded),
            (.scribe, #"{"message_type":"input_error","error":"no"}"#, .refused),
            (.scribe, #"{"message_type":"session_time_limit_exceeded","error":"no"}"#, .unavailable),
            (.ink, #"{"type":"error","status_code":402,"title":"a","message":"b"}"#, .unauthorized),
            (.ink, #"{"type":"error","status_code":429,"title":"a","message":"b"}"#, .overloaded),
            (.ink, #"{"type":"error","status_code":400,"title":"a","message":"b"}"#, .refused),
            (.ink, #"{"type":"error"}"#, .unavailable),
            (.soniox, #"{"error_code":401,"error_message":"no"}"#, .unauthorized),
            (.soniox, #"{"error_code":429,"error_message":"no"}"#, .overloaded),
            (.soniox, #"{"error_code":400,"error_message":"no"}"#, .refused),
            (.soniox, #"{"error_code":503}"#, .unavailable),
            (.speechmatics, #"{"message":"Error","type":"not_authorised","reason":"no"}"#, .unauthorized),
            (.speechmatics, #"{"message":"Error","type":"quota_exceeded","reason":"no"}"#, .overloaded),
            (.speechmatics, #"{"message":"Error","type":"invalid_model","reason":"no"}"#, .refused),
            (.speechmatics, #"{"message":"Error"}"#, .unavailable),
            (.azure, azureStatus("Forbidden"), .unauthorized), (.azure, azureStatus("TooManyRequests"), .overloaded),
            (.azure, azureStatus("BadRequest"), .refused), (.azure, azureStatus("Error"), .unavailable),
            (.azure, AzureTranscriptionDialectTests.message("turn.end", "{}"), .unavailable),
        ])
    func errors(vendor: Vendor, text: String, code: SpeechError.Code) throws {
        var dialect = try vendor.dialect()
        _ = dialect.opened()
        guard case .failure(let error)? = try read(&dialect, text).first else {
            Issue.record("no failure")
            return
        }
        #expect(error.code == code)
    }

    @Test("A-law is not sent where it is not taken")
    func formats() throws {
        let alaw = AudioFormat(encoding: .alaw, sampleRate: 8000)
        let vocabulary = SpeechVocabulary(contexts: [])
        #expect(throws: SpeechError.self) {
            try ScribeConfiguration(apiKey: "").request(format: alaw, vocabulary: vocabulary)
        }
        #expect(throws: SpeechError.self) {
            try SpeechmaticsDialect(SpeechmaticsConfiguration(apiKey: ""), format: alaw, vocabulary: vocabulary)
        }
        #expect(try InkConfiguration(apiKey: "").request(format: alaw, vocabulary: vocabulary).url.contains("pcm_alaw"))
        #expect(try SonioxConfiguration(apiKey: "").audio(of: alaw).name == "alaw")
        let azure = AzureTranscriptionConfiguration(url: "wss://x", apiKey: "k")
        #expect(try azure.waveCode(of: alaw) == 6)
        #expect(throws: SpeechError.self) { try azure.waveCode(of: .init(encoding: .linear16, sampleRate: 16_000)) }
    }
}
