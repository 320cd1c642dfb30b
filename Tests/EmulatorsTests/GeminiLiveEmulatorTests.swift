import Foundation
import Testing

@testable import Emulators

@Suite("The emulated Live API")
struct GeminiLiveEmulatorTests {
    private static let setup =
        #"{"setup":{"model":"models/m","generationConfig":{"responseModalities":["AUDIO"]},"realtimeInputConfig":{"automaticActivityDetection":{"disabled":true}},"tools":[{"functionDeclarations":[{"name":"stock"}]}]}}"#
    private static let start = #"{"realtimeInput":{"activityStart":{}}}"#
    private static let end = #"{"realtimeInput":{"activityEnd":{}}}"#
    private static let text = #"{"realtimeInput":{"text":"hello"}}"#

    private static func audio(_ count: Int, type: String = "audio/pcm;rate=16000") -> String {
        let data = Data(repeating: 0x20, count: count).base64EncodedString()
        return #"{"realtimeInput":{"audio":{"mimeType":"\#(type)","data":"\#(data)"}}}"#
    }

    private static func response(_ id: String, _ name: String) -> String {
        #"{"toolResponse":{"functionResponses":[{"id":"\#(id)","name":"\#(name)","response":{"result":"7"}}]}}"#
    }

    /// What the session has against messages one after the other: its first word of it.
    private static func verdict(_ messages: [String]) -> String? {
        var session = GeminiLiveEmulatedSession()
        do throws(GeminiLiveEmulatedSession.Violation) {
            for message in messages {
                guard let tree = JSONTree(Array(message.utf8)) else { return "no JSON" }
                for effect in try session.take(tree) { if effect == .answer { session.called("c", "stock") } }
            }
        } catch {
            return error.message
        }
        return nil
    }

    @Test(
        "what the vendor refuses",
        arguments: [
            ([start], "came before setup"), ([setup, setup], "only once"), ([setup, start, text, end], nil),
            ([setup.replacing("models/m", with: "m")], "models/"),
            ([setup.replacing("AUDIO", with: "TEXT")], "speaks only"),
            ([setup.replacing("true", with: "false")], "its client"),
            ([setup.replacing("\"tools\"", with: "\"tool\"")], "setup.tool: unknown"),
            ([setup.replacing("stock", with: "in stock")], "name: invalid"),
            ([setup.replacing("\"tools\"", with: "\"sessionResumption\":{\"handle\":null},\"tools\"")], "or absent"),
            ([setup, audio(320)], "outside of an activity"), ([setup, text], "outside of an activity"),
            ([setup, start, audio(321)], "whole samples"), ([setup, start, audio(320), end], nil),
            ([setup, start, audio(320, type: "audio/pcm;rate=8000")], "mimeType"),
            ([setup, start, start], "under way"), ([setup, start, end], "nothing in it"),
            ([setup, end], "no activity"),
            ([setup, #"{"realtimeInput":{"mediaChunks":[]}}"#], "mediaChunks: unknown"),
            ([setup, #"{"clientContent":{"turns":[],"turnComplete":true}}"#], "not in mid-conversation"),
            (
                [setup, #"{"contextUpdate":{"systemInstruction":{"parts":[{"text":"Be."}]},"tools":{"tools":[]}}}"#],
                nil
            ),
            ([setup, response("c", "stock")], "no call"),
            ([setup, start, text, end, response("c", "other")], "no call"),
            ([setup, start, text, end, response("c", "stock")], nil),
            ([setup, start, text, end, response("c", "stock"), response("d", "stock")], "no call"),
            // Names are understood in either way.
            ([setup, #"{"realtime_input":{"activity_start":{}}}"#, text], nil),
        ] as [([String], String?)])
    func refuses(messages: [String], part: String?) {
        let verdict = Self.verdict(messages)
        if let part {
            #expect(verdict?.contains(part) == true, "\(verdict ?? "nothing")")
        } else {
            #expect(verdict == nil)
        }
    }

    @Test(
        "a handshake that is wrong",
        arguments: [
            ("/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent", nil, 403),
            ("/ws/google.ai.generativelanguage.v2.GenerativeService.BidiGenerateContent", "emulated", 404),
        ] as [(String, String?, Int)])
    func handshake(path: String, key: String?, status: Int) async throws {
        try await withFleet { fleet, addresses in
            let socket = try TestSocket(
                addresses.geminiLive + path, headers: key.map { [("x-goog-api-key", $0)] } ?? [])
            let end = await socket.end()
            #expect(end == .refused(status))
            try await socket.use { _ in }
            #expect(fleet.geminiLive.counts.refusals.count == 1)
        }
    }

    @Test("sound comes at 24 kHz and faster than it is played; an activity ends it, and then its turn")
    func speaks() async throws {
        var configuration = EmulatorFleet.Configuration()
        configuration.geminiLive = GeminiLiveEmulatorConfiguration(transcripts: ["hello"]) {
            .init("You said \($0.userText). Is that right?")
        }
        try await withFleet(configuration) { fleet, addresses in
            let socket = try TestSocket(
                addresses.geminiLive + "/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent",
                headers: [("x-goog-api-key", "emulated")])
            try await socket.use { outbox in
                for message in [Self.setup, Self.start, Self.audio(32_000), Self.end] { outbox.send(message) }
                let begun = ContinuousClock.now
                var (text, bytes) = ("", 0)
                for await event in socket.events {
                    guard case .text(let message) = event, let tree = JSONTree(Array(message.utf8)) else { continue }
                    let content = tree["serverContent"]
                    text += content?["outputTranscription"]?["text"]?.text ?? ""
                    let data = content?["modelTurn"]?["parts"]?[0]?["inlineData"]?["data"]?.text
                    bytes += data.flatMap { Data(base64Encoded: $0)?.count } ?? 0
                    if content?["turnComplete"] == .truth(true) { break }
                }
                #expect(text == "You said hello. Is that right?")
                // 60 ms a character, and a pause behind each of two sentences.
                #expect(bytes == ((15 + 14) * 480 + 3200) * 6)
                #expect(ContinuousClock.now - begun < .milliseconds(bytes / 48))
                for message in [Self.start, Self.text, Self.end] { outbox.send(message) }
                _ = await socket.next(containing: "modelTurn")
                outbox.send(Self.start)
                #expect(await socket.next(containing: "interrupted") != nil)
                #expect(await socket.next(containing: "turnComplete") != nil)
                #expect(fleet.geminiLive.errors == [])
                outbox.send(Self.start)
                guard case .closed(1007, _)? = await socket.end() else {
                    Issue.record("a second beginning is no violation")
                    return
                }
            }
        }
    }
}
