import Emulators
import Foundation
import Networking
import Testing

@Suite("The emulated voices over HTTP refuse what their vendors refuse")
struct SpeechAPIEmulatorTests {
    private func answer(
        _ path: String, _ headers: [(String, String)], _ body: String
    ) async throws -> (status: Int, text: String) {
        try await withFleet { _, addresses in
            let client = HTTPClient(configuration: HTTPClientConfiguration(proxy: .none), logger: quietLogger)
            let response = try await client.send(
                HTTPClientRequest(
                    method: "POST", url: addresses.aura + path, headers: headers, body: Array(body.utf8)))
            let text = String(decoding: try await response.body.collect(upTo: 1 << 20), as: UTF8.self)
            await client.shutdown()
            return (response.status, text)
        }
    }

    private static let azure = [
        ("Ocp-Apim-Subscription-Key", "emulated"), ("Content-Type", "application/ssml+xml"),
        ("X-Microsoft-OutputFormat", "raw-8khz-8bit-mono-mulaw"), ("User-Agent", "test"),
    ]
    @Test(
        "Azure's documents",
        arguments: [
            (azureDocument("<voice name=\"en-US-AvaNeural\">Yes &amp; no.</voice>"), 200),
            (azureDocument("<voice name=\"en-US-AvaNeural\"><lang xml:lang=\"es-MX\">Sí.</lang></voice>"), 200),
            (azureDocument("<voice name=\"en-US-AvaNeural\">Yes & no.</voice>"), 400), ("Yes.", 400),
            (azureDocument("Yes."), 400),
            (azureDocument("<voice name=\"en-US-AvaNeural\">Yes.</voice>", language: ""), 400),
            (azureDocument("<voice>Yes.</voice>"), 400),
            (azureDocument("<voice name=\"en-US-AvaNeural\"> </voice>"), 400),
            (
                azureDocument(
                    "<voice name=\"en-US-AvaNeural\">Hi <phoneme alphabet=\"ipa\" ph=\"ʃɪˈvɔːn\">Siobhan</phoneme>.</voice>"
                ),
                200
            ), (azureDocument("<voice name=\"en-US-AvaNeural\"><phoneme ph=\"a\">A</phoneme></voice>"), 400),
            (azureDocument("<voice name=\"en-US-AvaNeural\"><blink>Yes.</blink></voice>"), 400),
        ])
    func azureDocuments(document: String, status: Int) async throws {
        #expect(try await answer("/cognitiveservices/v1", Self.azure, document).status == status)
    }

    @Test("Azure's headers", arguments: [(0, 401), (1, 415), (2, 400), (3, 400)])
    func azureHeaders(missing: Int, status: Int) async throws {
        var headers = Self.azure
        headers[missing].1 = missing == 3 ? "" : "x"
        let answer = try await answer(
            "/cognitiveservices/v1", headers, azureDocument("<voice name=\"en-US-AvaNeural\">Yes.</voice>"))
        #expect(answer.status == status, "\(answer)")
    }

    @Test(
        "Google's requests",
        arguments: [
            (googleRequest(#"{"languageCode":"en-US"}"#), "emulated", 200, "audioContent"),
            (googleRequest(#"{"languageCode":"en-US"}"#), "another", 400, "API_KEY_INVALID"),
            (googleRequest(#"{"languageCode":"en","name":"en-US-Neural2-F"}"#), "emulated", 200, "audioContent"),
            (googleRequest(#"{"languageCode":"es-ES","name":"en-US-Neural2-F"}"#), "emulated", 400, "doesn't match"),
            (googleRequest(#"{"name":"en-US-Neural2-F"}"#), "emulated", 400, "languageCode"),
            (googleRequest(#"{"languageCode":"en-US"}"#, #"{"audioEncoding":"MP3"}"#), "emulated", 400, "MP3"),
            (googleRequest(#"{"languageCode":"en-US","gender":"x"}"#), "emulated", 400, "gender"),
            (
                googleMarkup("<speak>Hi <phoneme alphabet='ipa' ph='ʃɪ'>Siobhan</phoneme>.</speak>"), "emulated", 200,
                "audio"
            ),
            (googleMarkup("<speak>Hi <phoneme>Siobhan</phoneme>.</speak>"), "emulated", 400, "phoneme"),
            (googleMarkup("Hi."), "emulated", 400, "nothing to say"),
        ])
    func google(body: String, key: String, status: Int, words: String) async throws {
        let answer = try await answer("/v1/text:synthesize", [("X-Goog-Api-Key", key)], body)
        #expect(answer.status == status)
        #expect(answer.text.contains(words), "\(answer.text.prefix(300))")
    }

    @Test(
        "ElevenLabs' requests",
        arguments: [
            (
                "v/stream?output_format=ulaw_8000",
                #"{"text":"Yes.","model_id":"eleven_flash_v2_5","language_code":"es"}"#, 200
            ),
            (
                "v/stream?output_format=ulaw_8000",
                #"{"text":"Yes.","model_id":"eleven_multilingual_v2","language_code":"es"}"#, 400
            ),
            (
                "v/stream?output_format=ulaw_8000",
                #"{"text":"Yes.","model_id":"eleven_flash_v2_5","language_code":"es-MX"}"#, 422
            ),
            ("v/stream?output_format=ulaw_8000", #"{"text":""}"#, 400),
            ("v/stream?output_format=mp9", #"{"text":"a"}"#, 400),
            ("v/stream?voice=x", #"{"text":"a"}"#, 422), ("v", #"{"text":"a"}"#, 404),
            ("v/stream?output_format=ulaw_8000", #"{"text":"a","pitch":1}"#, 400),
        ])
    func elevenLabs(path: String, body: String, status: Int) async throws {
        let answer = try await answer("/v1/text-to-speech/\(path)", [("xi-api-key", "emulated")], body)
        #expect(answer.status == status, "\(answer.text.prefix(300))")
    }
}

private func googleMarkup(_ markup: String) -> String {
    googleRequest(#"{"languageCode":"en-US"}"#).replacing(#""text":"Yes.""#, with: #""ssml":"\#(markup)""#)
}

private func azureDocument(_ voice: String, language: String = " xml:lang=\"en-US\"") -> String {
    "<speak version=\"1.0\" xmlns=\"http://www.w3.org/2001/10/synthesis\"\(language)>\(voice)</speak>"
}

private func googleRequest(
    _ voice: String, _ audio: String = #"{"audioEncoding":"MULAW","sampleRateHertz":8000}"#
) -> String { #"{"input":{"text":"Yes."},"voice":\#(voice),"audioConfig":\#(audio)}"# }
