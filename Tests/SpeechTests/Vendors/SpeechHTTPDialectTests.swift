import AudioCore
import Emulators
import Foundation
import Logging
import Networking
import Testing

@testable import Speech

@Suite("What voices over HTTP are asked, and what is made of their answers")
struct SpeechHTTPDialectTests {
    private func body(_ dialect: some SpeechHTTPDialect, _ text: String, voice: String = "") throws -> String {
        String(decoding: try dialect.request(text, voice: voice, format: .telephone).body, as: UTF8.self)
    }

    @Test("Azure: nothing in a text is markup")
    func escapes() throws {
        let azure = AzureVoiceConfiguration(url: "https://x", apiKey: "k")
        let text = "</voice>R&D \"said\" 'so'\u{0}\u{B}<break/>"
        let document = try body(azure, text)
        #expect(
            document
                == #"<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="en-US">"#
                + #"<voice name="en-US-AvaMultilingualNeural">"#
                + "&lt;/voice&gt;R&amp;D &quot;said&quot; &apos;so&apos;&lt;break/&gt;</voice></speak>")
    }

    @Test(
        "Azure: the language is the voice's own, or the chosen one, which a voice of many is told",
        arguments: [
            ("", nil, "en-US", false), ("", "es-MX", "es-MX", true), ("", "en-GB", "en-GB", false),
            ("es-ES-ElviraNeural", nil, "es-ES", false), ("es-ES-ElviraNeural", "es-ES", "es-ES", false),
        ] as [(String, String?, String, Bool)])
    func azureLanguage(voice: String, language: String?, told: String, isMarked: Bool) throws {
        let document = try body(
            AzureVoiceConfiguration(url: "https://x", apiKey: "k", language: language), "Hola.", voice: voice)
        #expect(document.contains("synthesis\" xml:lang=\"\(told)\""))
        #expect(document.contains("<lang xml:lang=\"\(told)\">Hola.</lang>") == isMarked)
    }

    private struct GoogleInput: Decodable {
        let text: String?
        let ssml: String?
    }

    private struct GoogleBody: Decodable { let input: GoogleInput }

    private func google(_ text: String) throws -> GoogleInput {
        let sent = try body(GoogleVoiceConfiguration(apiKey: "k"), text)
        return try JSONDecoder().decode(GoogleBody.self, from: Data(sent.utf8)).input
    }

    @Test("sounds beside a word are markup for Azure and Google, which is sent only where there are any")
    func sounds() throws {
        let text = "Hi <" + InterlinearAnnotation.mark("A&B", sounds: "ʃɪ") + "."
        let markup = "Hi &lt;<phoneme alphabet=\"ipa\" ph=\"ʃɪ\">A&amp;B</phoneme>."
        #expect(try body(AzureVoiceConfiguration(url: "https://x", apiKey: "k"), text).contains(">\(markup)</voice>"))
        let sent = try google(text)
        #expect(sent.ssml == "<speak>\(markup)</speak>")
        #expect(sent.text == nil)
        let plain = try google("Hi <there>.")
        #expect(plain.text == "Hi <there>." && plain.ssml == nil)
    }

    @Test("Azure: each format of a leg has the vendor's name")
    func azureFormats() throws {
        let azure = AzureVoiceConfiguration(url: "https://x", apiKey: "k")
        for (format, name) in [
            (AudioFormat.telephone, "raw-8khz-8bit-mono-mulaw"),
            (AudioFormat(encoding: .alaw, sampleRate: 8000), "raw-8khz-8bit-mono-alaw"),
            (AudioFormat(encoding: .linear16, sampleRate: 16_000), "raw-16khz-16bit-mono-pcm"),
            (AudioFormat(encoding: .linear16, sampleRate: 22_050), "raw-22050hz-16bit-mono-pcm"),
        ] {
            let headers = try azure.request("x", voice: "", format: format).headers
            #expect(headers.contains { $0 == ("X-Microsoft-OutputFormat", name) })
        }
        #expect(throws: SpeechError.self) {
            try azure.request("x", voice: "", format: AudioFormat(encoding: .mulaw, sampleRate: 16_000))
        }
        #expect(throws: SpeechError.self) { try body(azure, "x", voice: "Ava\"/>") }
        #expect(throws: SpeechError.self) {
            try body(AzureVoiceConfiguration(url: "https://x", apiKey: "k", language: "es\"/>"), "x")
        }
    }

    @Test(
        "Google: a voice's language is its own, region and all, and a language alone finds a voice",
        arguments: [
            (nil, nil, "", "en-US", GoogleVoiceConfiguration.defaultVoice), (nil, "es-MX", "", "es-MX", nil),
            ("es-ES-Neural2-A", nil, "", "es-ES", "es-ES-Neural2-A"),
            ("es-ES-Neural2-A", "es", "", "es-ES", "es-ES-Neural2-A"),
            (nil, nil, "de-DE-Neural2-C", "de-DE", "de-DE-Neural2-C"),
        ] as [(String?, String?, String, String, String?)])
    func googleLanguage(voice: String?, language: String?, agents: String, told: String, name: String?) throws {
        let text = try body(
            GoogleVoiceConfiguration(apiKey: "k", voice: voice, language: language), "Hola.", voice: agents)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let wire = try #require(object["voice"] as? [String: String])
        #expect(wire["languageCode"] == told)
        #expect(wire["name"] == name)
    }

    @Test("Google: a long text, and a voice that names no language, are refused before anything is sent")
    func googleRefusals() {
        let google = GoogleVoiceConfiguration(apiKey: "k")
        #expect(throws: SpeechError.self) { try body(google, String(repeating: "ñ", count: 2501)) }
        #expect(throws: SpeechError.self) { try body(google, "x", voice: "Kore") }
        #expect(throws: SpeechError.self) { try body(GoogleVoiceConfiguration(apiKey: "k", language: "x"), "x") }
    }

    @Test("Google: an answer that holds no audio is told from one that does")
    func googleAnswers() throws {
        let envelope = try #require(GoogleVoiceConfiguration(apiKey: "k").envelope)
        #expect(try envelope.open(Array(#"{"audioContent":"/w=="}"#.utf8)) == [0xFF])
        for body in ["", "{}", "[", #"{"audioContent":"*"}"#, #"{"audioContent":7}"#] {
            #expect(throws: SpeechEnvelope.Malformed.self) { try envelope.open(Array(body.utf8)) }
        }
    }

    /// Google, with little room for its answers.
    private struct SmallGoogle: SpeechHTTPDialect {
        let google: GoogleVoiceConfiguration
        var provider: String { google.provider }

        func request(_ text: String, voice: String, format: AudioFormat) throws(SpeechError) -> HTTPClientRequest {
            try google.request(text, voice: voice, format: format)
        }

        func expected(for format: AudioFormat) -> AudioFormat { google.expected(for: format) }

        var envelope: SpeechEnvelope? { google.envelope.map { SpeechEnvelope(longest: 5000, open: $0.open) } }
    }

    @Test("an answer that is opened whole has a bound")
    func bound() async throws {
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let fleet = EmulatorFleet(logger: logger)
        let google = GoogleVoiceConfiguration(url: try await fleet.start().aura, apiKey: "emulated")
        let client = HTTPClient(configuration: HTTPClientConfiguration(proxy: .none), logger: logger)
        let session = try await HTTPSynthesizer(SmallGoogle(google: google), client: client)
            .makeSession(voice: "", format: .telephone)
        var bytes = 0
        for try await chunk in session.synthesize("Short.") { bytes += chunk.count }
        #expect(bytes == 6 * 480)
        let error = await #expect(throws: SpeechError.self) {
            for try await _ in session.synthesize("This is longer.") {}
        }
        #expect(error?.code == .unavailable)
        #expect(error?.detail.contains("more than 5000 bytes") == true, "\(String(describing: error))")
        await client.shutdown()
        await fleet.shutdown()
    }

    @Test("ElevenLabs is told the language only where one is chosen", arguments: [(nil, nil), ("es-MX", "es")])
    func elevenLabsLanguage(written: String?, told: String?) throws {
        let http = try body(ElevenLabsHTTPConfiguration(apiKey: "k", language: written), "Hola.")
        #expect(http.contains("language_code") == (told != nil))
        if let told { #expect(http.contains("\"language_code\":\"\(told)\"")) }
        let socket = try ElevenLabsConfiguration(apiKey: "k", language: written)
            .request(voice: "", format: .telephone).url
        #expect(socket.contains("language_code=") == (told != nil))
        if let told { #expect(socket.hasSuffix("&language_code=\(told)")) }
    }

    /// Asked for samples, as Azure is.
    private let raw = AzureVoiceConfiguration(url: "https://x", apiKey: "k")

    @Test(
        "samples that were asked for are taken under any name of plain audio",
        arguments: ["audio/basic", "audio/x-wav", "audio/x-mulaw", "audio/unheard-of", ""])
    func names(type: String) throws {
        let reader = try SpeechBodyReader(contentType: type, dialect: raw, format: .telephone)
        var audio: [UInt8] = []
        for byte in 0..<8 { audio += try reader.take([UInt8(byte)]) }
        audio += reader.end()
        #expect(audio == Array(0..<8))
    }

    @Test("but not what is compressed, or no audio", arguments: ["audio/mpeg", "audio/ogg; codecs=opus", "text/html"])
    func compressed(type: String) {
        #expect(throws: SpeechError.self) {
            try SpeechBodyReader(contentType: type, dialect: raw, format: .telephone)
        }
    }

    @Test("a WAV file among samples loses its head")
    func wav() throws {
        let reader = try SpeechBodyReader(contentType: "audio/x-wav", dialect: raw, format: .telephone)
        let file = WAVHead.file([Int16](repeating: 0, count: 100), sampleRate: 8000)
        #expect(try reader.take(file) == [UInt8](repeating: 0xFF, count: 100))
    }
}
