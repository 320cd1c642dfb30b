import AudioCore
import Foundation
import Testing

@testable import Speech

@Suite("What voices on sockets are told, and what is made of their words")
struct VoiceDialectTests {
    private func read(_ text: String, _ dialect: inout some ContextVoiceDialect) throws -> ContextVoiceMessage {
        let bytes = Array(text.utf8)
        return try dialect.read(bytes.span)
    }

    @Test("Rime: an end without a label is that of the text of which there was audio")
    func rimeEnds() throws {
        var dialect = RimeDialect(RimeConfiguration(apiKey: "k"))
        _ = dialect.messages(context: "c1", text: "One.")
        // What a text that was cleared left behind ends nothing.
        #expect(try read(#"{"type":"done"}"#, &dialect) == .other)
        #expect(
            try read(#"{"type":"chunk","data":"/w==","contextId":"c1"}"#, &dialect)
                == .audio(context: "c1", audio: [0xFF], isLast: false))
        #expect(try read(#"{"type":"done"}"#, &dialect) == .audio(context: "c1", audio: [], isLast: true))
        #expect(try read(#"{"type":"chunk","data":"/w==","contextId":null}"#, &dialect) == .other)
        #expect(throws: DecodingError.self) { try read(#"{"type":"chunk","data":"*","contextId":"c1"}"#, &dialect) }
    }

    @Test("what is told of words' times: Rime's belong to the text under way, and what is not whole tells nothing")
    func timings() throws {
        var rime = RimeDialect(RimeConfiguration(apiKey: "k"))
        _ = rime.messages(context: "c1", text: "One two.")
        let times = #"{"type":"timestamps","word_timestamps":{"words":["One","two."],"start":[0,0.5],"end":[0.4,0.9]}}"#
        #expect(try read(times, &rime) == .other, "nothing of it was heard yet")
        _ = try read(#"{"type":"chunk","data":"/w==","contextId":"c1"}"#, &rime)
        #expect(
            try read(times, &rime)
                == .timing(
                    context: "c1",
                    [.init("One", end: 0.4), .init(" ", end: 0.4), .init("two.", end: 0.9), .init(" ", end: 0.9)]))
        let half = #"{"audio":"/w==","contextId":"c1","alignment":{"chars":["a","b"],"charStartTimesMs":[0]}}"#
        let bytes = Array(half.utf8)
        #expect(try ElevenLabsMessage.read(bytes.span) == .audio(context: "c1", audio: [0xFF], isLast: false))
        let published =
            #"{"contextId":"c1","alignment":{"chars":["a"],"charStartTimesMs":[20],"charsDurationsMs":[60]}}"#
        let whole = Array(published.utf8)
        #expect(
            try ElevenLabsMessage.read(whole.span)
                == .audio(context: "c1", audio: [], isLast: false, timing: [.init("a", end: 0.08)]))
    }

    @Test("a pace does not go back in time, nor beyond its text")
    func paces() {
        var pace = SpokenPace(of: "ab cd")
        #expect(pace.isEmpty)
        pace.append(" ", endingAt: 0)
        pace.append("ab", endingAt: 100)
        pace.append(" ", endingAt: 90)
        pace.append(" ", endingAt: 100)
        pace.append("cde", endingAt: 200)
        #expect(pace.share(at: 99) == 0 && pace.share(at: 100) == 0.6 && pace.share(at: 500) == 0.6)
    }

    @Test("of a pace that is told by characters the words are kept, in few bytes")
    func words() throws {
        let text = "Anna is here."
        var pace = SpokenPace(of: text)
        for (index, character) in text.enumerated() { pace.append(String(character), endingAt: (index + 1) * 100) }
        for (sample, characters) in [
            (399, 0), (400, 4), (499, 4), (500, 5), (699, 5), (700, 7), (800, 8), (1299, 8), (1300, 13),
        ] {
            #expect(pace.share(at: sample) == Double(characters) / 13, "\(sample)")
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let data = try encoder.encode(pace)
        #expect(
            String(decoding: data, as: UTF8.self)
                == #"{"characters":[4,5,7,8,13],"samples":[400,500,700,800,1300],"total":13}"#)
        #expect(try JSONDecoder().decode(SpokenPace.self, from: data) == pace)
        let uneven = Data(#"{"characters":[4],"samples":[],"total":13}"#.utf8)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(SpokenPace.self, from: uneven) }
    }

    @Test("a script that does not part words has marks all the same")
    func unparted() {
        let text = String(repeating: "字", count: 60)
        var pace = SpokenPace(of: text)
        for index in 0..<60 { pace.append("字", endingAt: (index + 1) * 100) }
        #expect(pace.share(at: 2399) == 0 && pace.share(at: 2400) == 0.4 && pace.share(at: 4800) == 0.8)
        #expect(pace.share(at: 6000) == 1)
    }

    @Test("Flux: a turn ends once, and audio outside a turn is nobody's")
    func fluxTurns() throws {
        var dialect = FluxVoiceDialect(FluxVoiceConfiguration(apiKey: "k"), format: .telephone)
        let audio: [UInt8] = [0xFF]
        #expect(dialect.readBinary(audio.span, now: .zero) == .other)
        _ = dialect.messages(context: "c1", text: "One.")
        #expect(try read(#"{"type":"SpeechStarted","speech_id":"s1"}"#, &dialect) == .other)
        #expect(dialect.readBinary(audio.span, now: .zero) == .audio(context: "c1", audio: audio, isLast: false))
        let end = #"{"type":"SpeechInterrupted","audio_played_ms":1,"metadata":{"speech_id":"s1"}}"#
        #expect(try read(end, &dialect) == .audio(context: "c1", audio: [], isLast: true))
        _ = dialect.messages(context: "c2", text: "Two.")
        // The end of the turn before is told once more; it is not that of this one.
        #expect(try read(#"{"type":"SpeechMetadata","speech_id":"s1"}"#, &dialect) == .other)
        #expect(dialect.readBinary(audio.span, now: .zero) == .other)
        // A turn without anything to say has no beginning.
        #expect(
            try read(#"{"type":"SpeechMetadata","speech_id":"s2"}"#, &dialect)
                == .audio(context: "c2", audio: [], isLast: true))
    }

    @Test("Flux: the position of an interruption advances, or is not told")
    func fluxOffsets() throws {
        var dialect = FluxVoiceDialect(FluxVoiceConfiguration(apiKey: "k"), format: .telephone)
        func told(_ bytes: [UInt8]?) -> String { String(decoding: bytes ?? [], as: UTF8.self) }
        _ = dialect.messages(context: "c1", text: "One.")
        #expect(told(dialect.cancellation(context: "c1", now: .zero)) == #"{"type":"Interrupt"}"#)
        _ = try read(#"{"type":"SpeechStarted","speech_id":"s1"}"#, &dialect)
        let second = [UInt8](repeating: 0xFF, count: 8000)
        _ = dialect.readBinary(second.span, now: .seconds(1))
        _ = dialect.readBinary(second.span, now: .seconds(1))
        // Two seconds came at once; half of one has passed.
        #expect(
            told(dialect.cancellation(context: "c1", now: .milliseconds(1500)))
                == #"{"type":"Interrupt","playback_offset":{"type":"time_ms","value":500}}"#)
        // What was not heard will not be.
        #expect(told(dialect.cancellation(context: "c1", now: .seconds(9))) == #"{"type":"Interrupt"}"#)
        dialect.opened()
        #expect(dialect.readBinary(second.span, now: .seconds(10)) == .other)
    }

    @Test(
        "what Flux finds wrong with our messages is not said again",
        arguments: [("DATA-0002", SpeechError.Code.refused), ("MESSAGE-0000", .refused), ("NET-0000", .unavailable)])
    func fluxErrors(code: String, verdict: SpeechError.Code) throws {
        var dialect = FluxVoiceDialect(FluxVoiceConfiguration(apiKey: "k"), format: .telephone)
        guard case .failure(let error) = try read(#"{"type":"Error","code":"\#(code)","description":"no"}"#, &dialect)
        else {
            Issue.record("no failure")
            return
        }
        #expect(error.code == verdict)
        #expect(error.detail == "\(code): no")
    }
}
