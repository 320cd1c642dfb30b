package import AudioCore
import Foundation
package import Networking

/// How to reach ElevenLabs' synthesis over HTTP (`POST /v1/text-to-speech/VOICE/stream`): one request for a text, for
/// models that are not on the socket, and networks that let no sockets through.
package struct ElevenLabsHTTPConfiguration: SpeechHTTPDialect, Equatable {
    /// `https://` or `http://`, host and port; the path is added.
    package var url: String
    /// Sent as `xi-api-key`.
    package var apiKey: String
    package var model: String
    /// The id of the voice that speaks when the agent names none.
    package var voice: String
    /// BCP 47, of which the vendor is told the language; nil leaves it to the words.
    package var language: String?

    package let provider = "elevenlabs-http"

    package init(
        url: String = "https://api.elevenlabs.io", apiKey: String, model: String = "eleven_flash_v2_5",
        voice: String = "21m00Tcm4TlvDq8ikWAM", language: String? = nil
    ) {
        self.url = url
        self.apiKey = apiKey
        self.model = model
        self.voice = voice
        self.language = language
    }

    private struct Body: Encodable {
        let text: String
        let model: String
        let language: String?

        private enum CodingKeys: String, CodingKey {
            case text
            case model = "model_id"
            case language = "language_code"
        }
    }

    package func request(
        _ text: String, voice: String, format: AudioFormat
    ) throws(SpeechError) -> HTTPClientRequest {
        let voice = voice.isEmpty ? self.voice : voice
        guard voice.isVendorName else { throw refusal("'\(voice)' must be the id of a voice") }
        guard let output = ElevenLabsConfiguration.outputFormat(format) else {
            throw refusal("a leg in \(format) is not offered")
        }
        let tag = language.flatMap { LanguageTag($0) }
        if let language, tag == nil { throw refusal("'\(language)' must be a language, such as es") }
        // Strings can always be encoded.
        let body = (try? JSONEncoder().encode(Body(text: text, model: model, language: tag?.primary))).map { Array($0) }
        return HTTPClientRequest(
            method: "POST", url: "\(url)/v1/text-to-speech/\(voice)/stream?output_format=\(output)",
            headers: [("xi-api-key", apiKey), ("Content-Type", "application/json")], body: body ?? [],
            deadlines: .init(
                connect: .seconds(3), firstByte: .seconds(5), betweenChunks: .seconds(3), total: .seconds(60)))
    }

    package func expected(for format: AudioFormat) -> AudioFormat { format }

    package var asksForSamples: Bool { true }

    private func refusal(_ detail: String) -> SpeechError {
        SpeechError(.refused, operation: "POST /v1/text-to-speech", provider: provider, detail: detail)
    }
}
