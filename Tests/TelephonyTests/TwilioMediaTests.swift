import AudioCore
import Telephony
import Testing

@Suite("Twilio media dialect")
struct TwilioMediaTests {
    private static let connected = #"{"event":"connected","protocol":"Call","version":"1.0.0"}"#
    private static let start = """
        {"event":"start","sequenceNumber":"1","streamSid":"MZ00aa","start":{"accountSid":"AC11","streamSid":"MZ00aa",\
        "callSid":"CA22","tracks":["inbound"],"customParameters":{"session":"8f2c","token":"a\\"b\\u00e9"},\
        "mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000,"channels":1}}}
        """

    private func decoder(after messages: [String] = [connected, start]) throws -> TwilioMediaDecoder {
        var decoder = TwilioMediaDecoder()
        var audio = MediaPayload()
        for message in messages { _ = try decoder.decode(Array(message.utf8).span, audio: &audio) }
        return decoder
    }

    private func decode(
        _ message: String, after messages: [String] = [connected, start]
    ) throws -> (event: MediaEvent, audio: [UInt8]) {
        var decoder = try decoder(after: messages)
        var audio = MediaPayload()
        let event = try decoder.decode(Array(message.utf8).span, audio: &audio)
        return (event, audio.bytes)
    }

    private func error(_ message: [UInt8], after messages: [String] = [connected, start]) throws -> MediaError? {
        var decoder = try decoder(after: messages)
        var audio = MediaPayload()
        return #expect(throws: MediaError.self) { _ = try decoder.decode(message.span, audio: &audio) }
    }

    // MARK: What carriers send

    @Test("A stream is introduced by connected and start")
    func introduction() throws {
        #expect(try decode(Self.connected, after: []).event == .connected(version: "1.0.0"))
        let start = MediaStart(
            streamID: "MZ00aa", callID: "CA22", accountID: "AC11", parameters: ["session": "8f2c", "token": "a\"bé"])
        #expect(try decode(Self.start, after: [Self.connected]).event == .started(start))
    }

    @Test(
        "Media is decoded whatever the order of its keys, its white space, escapes and further fields",
        arguments: [
            #"{"event":"media","sequenceNumber":"4","streamSid":"MZ00aa","media":{"track":"inbound","chunk":"3","timestamp":"60","payload":"//7+AH8="}}"#,
            #"{"media":{"payload":"//7+AH8=","timestamp":60},"streamSid":"MZ00aa","sequenceNumber":4,"event":"media"}"#,
            "\n{ \"event\" :\t\"media\" , \"streamSid\":\"MZ00aa\", \"sequenceNumber\": 4.0, \"media\" : { \"timestamp\" : \"60\",\r\n \"payload\" : \"//7+AH8=\" } } ",
            #"{"event":"media","streamSid":"MZ00aa","sequenceNumber":"4","media":{"payload":"\/\/7\u002BAH8=","timestamp":"60"}}"#,
            #"{"extra":{"a":[1,{"media":{"payload":"xx"}},"]}\""],"b":null},"event":"media","streamSid":"MZ00aa","sequenceNumber":"4","media":{"x":[[]],"payload":"//7+AH8","timestamp":"60"}}"#,
            #"{"event":"media","streamSid":"\u004dZ00aa","sequenceNumber":"4","media":{"payload":"//7+AH8=","timestamp":"60"},"note":"héé€𝄞"}"#,
        ])
    func media(message: String) throws {
        let result = try decode(message)
        #expect(result.event == .media(sampleCount: 5, timestamp: 60, sequence: 4))
        #expect(result.audio == [0xFF, 0xFE, 0xFE, 0x00, 0x7F])
    }

    @Test("Numbers may be missing")
    func noNumbers() throws {
        let result = try decode(#"{"event":"media","streamSid":"MZ00aa","media":{"payload":""}}"#)
        #expect(result.event == .media(sampleCount: 0, timestamp: nil, sequence: nil))
    }

    @Test("Keys, marks, the end and what follows it", arguments: Array("0123456789*#ABCD"))
    func others(key: Character) throws {
        let pressed =
            #"{"event":"dtmf","sequenceNumber":"90","streamSid":"MZ00aa","dtmf":{"track":"inbound_track","digit":"\#(key)"}}"#
        #expect(try decode(pressed).event == .keyPressed(key))
        let mark = #"{"event":"mark","sequenceNumber":"4","streamSid":"MZ00aa","mark":{"name":"g1.2"}}"#
        #expect(try decode(mark).event == .mark(name: "g1.2"))
        let stop =
            #"{"event":"stop","sequenceNumber":"5","streamSid":"MZ00aa","stop":{"accountSid":"AC11","callSid":"CA22"}}"#
        #expect(try decode(stop).event == .stopped)
        #expect(try decode(mark, after: [Self.connected, Self.start, stop]).event == .ignored(.streamStopped))
    }

    @Test("Unknown events and other tracks are ignored, not refused")
    func ignored() throws {
        let other = #"{"event":"media","streamSid":"MZ00aa","media":{"track":"outbound","payload":"AAAA"}}"#
        #expect(try decode(other).event == .ignored(.otherTrack))
        #expect(try decode(#"{"event":"weather"}"#).event == .ignored(.unknownEvent("weather")))
    }

    @Test("What the carrier's numbering lacks is counted")
    func missed() throws {
        var decoder = try decoder()
        var audio = MediaPayload()
        for number in [2, 3, 7, 7, 5, 8] {
            let message =
                #"{"event":"media","sequenceNumber":"\#(number)","streamSid":"MZ00aa","media":{"payload":"AAAA"}}"#
            _ = try decoder.decode(Array(message.utf8).span, audio: &audio)
        }
        #expect(decoder.missedCount == 3)
    }

    // MARK: What is refused

    @Test(
        "A message at the wrong time is refused",
        arguments: [
            ([], start), ([], #"{"event":"media","streamSid":"MZ00aa","media":{"payload":"AAAA"}}"#),
            ([connected], connected),
            ([connected], #"{"event":"media","streamSid":"MZ00aa","media":{"payload":"AAAA"}}"#),
            ([connected], #"{"event":"stop","streamSid":"MZ00aa"}"#), ([connected, start], start),
            ([connected, start], connected),
        ] as [([String], String)])
    func order(before: [String], message: String) throws {
        #expect(try error(Array(message.utf8), after: before)?.code == .outOfOrder)
    }

    @Test(
        "A message of another shape is refused",
        arguments: [
            ("", .malformedMessage), ("{}", .missingField), ("[]", .malformedMessage), ("null", .malformedMessage),
            ("\u{FEFF}{}", .malformedMessage), (#"{"event":"media"}"#, .missingField),
            (#"{"event":5}"#, .missingField), (#"{"event":"mark","streamSid":"MZ00aa"} x"#, .malformedMessage),
            (#"{"event":"mark","streamSid":"MZ00aa","mark":{}}"#, .missingField),
            (#"{"event":"mark","streamSid":"MZ00aa","mark":{"name":7}}"#, .missingField),
            (#"{"event":"mark","streamSid":"MZ00ab","mark":{"name":"a"}}"#, .wrongStream),
            (#"{"event":"mark","streamSid":"MZ00aab","mark":{"name":"a"}}"#, .wrongStream),
            (#"{"event":"mark","mark":{"name":"a"}}"#, .missingField),
            (#"{"event":"dtmf","streamSid":"MZ00aa","dtmf":{"digit":"12"}}"#, .missingField),
            (#"{"event":"dtmf","streamSid":"MZ00aa","dtmf":{"digit":"x"}}"#, .missingField),
            (#"{"event":"media","streamSid":"MZ00aa","media":{}}"#, .missingField),
            (#"{"event":"media","streamSid":"MZ00aa","media":{"payload":null}}"#, .missingField),
            (#"{"event":"media","streamSid":"MZ00aa","media":{"payload":"A"}}"#, .malformedAudio),
            (#"{"event":"media","streamSid":"MZ00aa","media":{"payload":"AA=A"}}"#, .malformedAudio),
            (#"{"event":"media","streamSid":"MZ00aa","media":{"payload":"===="}}"#, .malformedAudio),
            (#"{"event":"media","streamSid":"MZ00aa","media":{"payload":"AA-_"}}"#, .malformedAudio),
            (
                #"{"event":"media","streamSid":"MZ00aa","media":{"payload":"AAAA","timestamp":"soon"}}"#,
                .malformedMessage
            ),
            (#"{"event":"media","streamSid":"MZ00aa","media":{"payload":"AAAA"}"#, .malformedMessage),
            (#"{"event":"media","streamSid":"MZ00aa","media":{"payload":"AA\qA"}}"#, .malformedMessage),
            (#"{"event":"media","streamSid":"MZ00aa","media":{"payload":"AA\u00gg"}}"#, .malformedMessage),
            (#"{"event":"media","streamSid":"MZ00aa",}"#, .malformedMessage),
            (#"{"event":"x","a":[}"#, .malformedMessage), (#"{"event":"x","a":]}"#, .malformedMessage),
            ("{\"event\":\"a\nb\"}", .malformedMessage),
            (
                #"{"event":"x","a":"# + String(repeating: "[", count: 33) + String(repeating: "]", count: 33) + "}",
                .malformedMessage
            ),
        ] as [(String, MediaError.Code)])
    func shape(message: String, code: MediaError.Code) throws {
        let error = try error(Array(message.utf8))
        #expect(error?.code == code, "\(message): \(error?.description ?? "accepted")")
    }

    @Test(
        "A start that cannot be served is refused",
        arguments: [
            ("\"streamSid\":\"MZ00aa\",\"call", "\"streamSid\":\"MZ00bb\",\"call", .wrongStream),
            ("CA22", "", .missingField), ("audio/x-mulaw", "audio/opus", .unsupportedFormat),
            ("8000", "16000", .unsupportedFormat), ("\"channels\":1", "\"channels\":\"2\"", .unsupportedFormat),
            ("\"8f2c\"", "{}", .malformedMessage), ("8000", "\"fast\"", .malformedMessage),
        ] as [(String, String, MediaError.Code)])
    func badStart(part: String, replacement: String, code: MediaError.Code) throws {
        let parts = Self.start.split(separator: part, maxSplits: 1, omittingEmptySubsequences: false)
        try #require(parts.count == 2)
        let message = parts[0] + replacement + parts[1]
        #expect(try error(Array(message.utf8), after: [Self.connected])?.code == code)
    }

    @Test(
        "Bytes that are not UTF-8 are refused, wherever they stand",
        arguments: [
            [0x80], [0xC0, 0xAF], [0xC3], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xFF], [0xE2, 0x28, 0xA1],
        ] as [[UInt8]])
    func notUTF8(bytes: [UInt8]) throws {
        let message = Array(#"{"event":"mark","streamSid":"MZ00aa","other":"12345678"#.utf8) + bytes + Array("\"}".utf8)
        #expect(try error(message)?.code == .malformedText)
    }

    @Test("Messages and audio over the limit are refused")
    func limits() throws {
        var decoder = TwilioMediaDecoder(messageLimit: 300)
        var audio = MediaPayload(limit: 9)
        _ = try decoder.decode(Array(Self.connected.utf8).span, audio: &audio)
        let tooLong = Array(Self.connected.utf8) + [UInt8](repeating: 0x20, count: 300)
        let error = #expect(throws: MediaError.self) { _ = try decoder.decode(tooLong.span, audio: &audio) }
        #expect(error?.code == .tooLarge)

        decoder = try self.decoder()
        let media = #"{"event":"media","streamSid":"MZ00aa","media":{"payload":"AAAAAAAAAAAA"}}"#
        _ = try decoder.decode(Array(media.utf8).span, audio: &audio)
        let larger = #"{"event":"media","streamSid":"MZ00aa","media":{"payload":"AAAAAAAAAAAAAA=="}}"#
        let second = #expect(throws: MediaError.self) { _ = try decoder.decode(Array(larger.utf8).span, audio: &audio) }
        #expect(second?.code == .tooLarge)
        #expect(audio.bytes.count == 9)
    }

    // MARK: Both directions

    private static let bytes: [UInt8] = (0..<700).map { UInt8(truncatingIfNeeded: $0 * 37) }

    @Test("What the service writes has the documented fields and nothing else")
    func serviceWrites() {
        let encoder = TwilioMediaEncoder(streamID: "MZ00aa")
        var buffer: [UInt8] = []
        encoder.media([0xFF, 0xFE, 0xFE, 0x00].span, into: &buffer)
        #expect(
            String(decoding: buffer, as: UTF8.self)
                == #"{"event":"media","streamSid":"MZ00aa","media":{"payload":"//7+AA=="}}"#)
        buffer.removeAll()
        encoder.mark(PlayoutMark(generation: 3, sequence: 120), into: &buffer)
        #expect(
            String(decoding: buffer, as: UTF8.self)
                == #"{"event":"mark","streamSid":"MZ00aa","mark":{"name":"g3.120"}}"#)
        buffer.removeAll()
        encoder.mark(name: "a\"\u{1}", into: &buffer)
        #expect(
            String(decoding: buffer, as: UTF8.self)
                == #"{"event":"mark","streamSid":"MZ00aa","mark":{"name":"a\"\u0001"}}"#)
        buffer.removeAll()
        encoder.clear(into: &buffer)
        #expect(String(decoding: buffer, as: UTF8.self) == #"{"event":"clear","streamSid":"MZ00aa"}"#)
    }

    @Test("The carrier reads what the service writes, for audio of any length", arguments: [0, 1, 2, 3, 160, 161, 640])
    func serviceToCarrier(count: Int) throws {
        let encoder = TwilioMediaEncoder(streamID: "MZ \"1\"")
        var decoder = TwilioCarrierDecoder(streamID: "MZ \"1\"")
        var audio = MediaPayload()
        var buffer: [UInt8] = []
        encoder.media(Self.bytes.span.extracting(0..<count), into: &buffer)
        #expect(try decoder.decode(buffer.span, audio: &audio) == .media(sampleCount: count))
        #expect(audio.bytes == Array(Self.bytes.prefix(count)))
        buffer.removeAll()
        encoder.mark(name: "tür 7", into: &buffer)
        #expect(try decoder.decode(buffer.span, audio: &audio) == .mark(name: "tür 7"))
        buffer.removeAll()
        encoder.clear(into: &buffer)
        #expect(try decoder.decode(buffer.span, audio: &audio) == .clear)
    }

    @Test("The service reads what the carrier writes", arguments: [0, 1, 2, 3, 160, 161, 640])
    func carrierToService(count: Int) throws {
        let start = MediaStart(
            streamID: "MZ1", callID: "CA1", accountID: "AC1", parameters: ["a": "1", "b \"": "\\ \n é"],
            tracks: ["inbound", "outbound"])
        var encoder = TwilioCarrierEncoder(start)
        var decoder = TwilioMediaDecoder()
        var audio = MediaPayload()
        func decoded(_ write: (inout [UInt8]) -> Void) throws -> MediaEvent {
            var buffer: [UInt8] = []
            write(&buffer)
            return try decoder.decode(buffer.span, audio: &audio)
        }
        #expect(try decoded { encoder.connected(into: &$0) } == .connected(version: "1.0.0"))
        #expect(try decoded { encoder.start(into: &$0) } == .started(start))
        let payload = Array(Self.bytes.prefix(count))
        #expect(
            try decoded { encoder.media(payload.span, timestamp: 1020, into: &$0) }
                == .media(sampleCount: count, timestamp: 1020, sequence: 2))
        #expect(audio.bytes == payload)
        #expect(try decoded { encoder.keyPressed("#", into: &$0) } == .keyPressed("#"))
        #expect(try decoded { encoder.mark(name: "g1.1", into: &$0) } == .mark(name: "g1.1"))
        #expect(try decoded { encoder.stop(into: &$0) } == .stopped)
        #expect(decoder.missedCount == 0)
    }

    @Test(
        "The carrier refuses what Twilio would warn about",
        arguments: [
            #"{"event":"media","streamSid":"MZ1","media":{"payload":"AAAA","track":"outbound"}}"#,
            #"{"event":"media","streamSid":"MZ1","media":{"payload":"AAAA"},"chunk":1}"#,
            #"{"event":"media","streamSid":"MZ1","sequenceNumber":"1","media":{"payload":"AAAA"}}"#,
            #"{"event":"media","streamSid":"MZ2","media":{"payload":"AAAA"}}"#, #"{"event":"clear"}"#,
            #"{"event":"clear","streamSid":"MZ1","mark":{"name":"a"}}"#, #"{"event":"stop","streamSid":"MZ1"}"#,
            #"{"event":"dtmf","streamSid":"MZ1","dtmf":{"digit":"1"}}"#,
        ])
    func strictCarrier(message: String) {
        var decoder = TwilioCarrierDecoder(streamID: "MZ1")
        var audio = MediaPayload()
        #expect(throws: MediaError.self) { _ = try decoder.decode(Array(message.utf8).span, audio: &audio) }
    }
}
