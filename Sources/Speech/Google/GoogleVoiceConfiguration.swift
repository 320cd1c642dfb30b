package import AudioCore
import Foundation
package import Networking

/// How to reach Google Cloud's Text-to-Speech (`POST /v1/text:synthesize`) with an API key.
///
/// The answer is one JSON document, so the first audio comes when the last is made.
package struct GoogleVoiceConfiguration: SpeechHTTPDialect, Equatable {
    /// `https://` or `http://`, host and port; the path is added.
    package var url: String
    /// Sent as `X-Goog-Api-Key`.
    package var apiKey: String
    /// The voice that speaks when the agent names none; nil leaves the choice among the language's voices to the vendor.
    package var voice: String?
    /// BCP 47; nil takes the voice's own.
    package var language: String?

    package let provider = "google-speech"

    /// Speaks when neither a voice nor a language is chosen.
    package static let defaultVoice = "en-US-Neural2-F"

    package init(
        url: String = "https://texttospeech.googleapis.com", apiKey: String, voice: String? = nil,
        language: String? = nil
    ) {
        self.url = url
        self.apiKey = apiKey
        self.voice = voice ?? (language == nil ? Self.defaultVoice : nil)
        self.language = language
    }

    private struct Body: Encodable {
        struct Input: Encodable {
            let text: String?
            let ssml: String?

            init(_ text: String) {
                ssml = InterlinearAnnotation.ssml(text).map { "<speak>\($0)</speak>" }
                self.text = ssml == nil ? text : nil
            }

            /// What counts for the vendor's bound, in bytes.
            var length: Int { (text ?? ssml ?? "").utf8.count }
        }
        struct Voice: Encodable {
            let languageCode: String
            let name: String?
        }
        struct Audio: Encodable {
            let audioEncoding: String
            let sampleRateHertz: Int
        }

        let input: Input
        let voice: Voice
        let audioConfig: Audio
    }

    /// The vendor's bound, of bytes.
    private static let longestText = 5000

    package func request(
        _ text: String, voice: String, format: AudioFormat
    ) throws(SpeechError) -> HTTPClientRequest {
        let input = Body.Input(text)
        guard input.length <= Self.longestText else {
            throw refusal("a text of \(input.length) bytes; \(Self.longestText) at most")
        }
        let body = Body(
            input: input, voice: try wireVoice(voice.isEmpty ? self.voice : voice),
            audioConfig: .init(audioEncoding: Self.name(format.encoding), sampleRateHertz: format.sampleRate))
        // Strings and numbers can always be encoded.
        let bytes = (try? JSONEncoder().encode(body)).map { Array($0) } ?? []
        return HTTPClientRequest(
            method: "POST", url: "\(url)/v1/text:synthesize",
            headers: [("Content-Type", "application/json"), ("X-Goog-Api-Key", apiKey)], body: bytes,
            // Nothing comes before all of it is made.
            deadlines: .init(
                connect: .seconds(3), firstByte: .seconds(8), betweenChunks: .seconds(3), total: .seconds(60)))
    }

    /// The language is required, and for a voice of that language it must be the voice's own, region and all.
    private func wireVoice(_ voice: String?) throws(SpeechError) -> Body.Voice {
        let own = voice.flatMap { LanguageTag(ofVoice: $0) }
        let chosen = language.flatMap { LanguageTag($0) }
        if let language, chosen == nil { throw refusal("'\(language)' must be a language, such as es-MX") }
        guard let tag = chosen?.primary == own?.primary ? own : chosen ?? own else {
            throw refusal("'\(voice ?? "")' does not begin with its language as a voice does; name a `language`")
        }
        return Body.Voice(languageCode: tag.text, name: voice)
    }

    private static func name(_ encoding: AudioFormat.Encoding) -> String {
        switch encoding {
        case .mulaw: "MULAW"
        case .alaw: "ALAW"
        case .linear16: "LINEAR16"
        }
    }

    package func expected(for format: AudioFormat) -> AudioFormat { format }

    package var readsSounds: Bool { true }

    private struct Answer: Decodable {
        let audioContent: String
    }

    package var envelope: SpeechEnvelope? {
        // Five thousand bytes are read out in some seven minutes: 14 MB of wide samples at 16 kHz, a third more as base64.
        SpeechEnvelope(longest: 24 << 20) { body throws(SpeechEnvelope.Malformed) in
            guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(body)) else {
                throw SpeechEnvelope.Malformed(reason: "no JSON with audioContent")
            }
            guard let audio = Data(base64Encoded: answer.audioContent) else {
                throw SpeechEnvelope.Malformed(reason: "its audioContent is not base64")
            }
            return Array(audio)
        }
    }

    /// A key that is none is answered with 400.
    package func deniesKey(_ body: [UInt8]) -> Bool {
        struct Refusal: Decodable {
            struct Failure: Decodable {
                struct Detail: Decodable { let reason: String? }
                let details: [Detail]?
            }
            let error: Failure
        }
        let refusal = try? JSONDecoder().decode(Refusal.self, from: Data(body))
        return refusal?.error.details?.contains { $0.reason == "API_KEY_INVALID" } ?? false
    }

    private func refusal(_ detail: String) -> SpeechError {
        SpeechError(.refused, operation: "POST /v1/text:synthesize", provider: provider, detail: detail)
    }
}
