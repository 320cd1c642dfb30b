package import AudioCore
import Foundation
package import Networking

/// How to reach OpenAI's `/v1/audio/speech`, or a server that speaks it (Kokoro-FastAPI, speaches, vLLM-Omni and others).
package struct OpenAISpeechConfiguration: SpeechHTTPDialect, Equatable {
    /// `https://` or `http://`, host, port and `/v1`; the path is added.
    package var url: String
    /// Sent as `Authorization: Bearer …`; empty sends none.
    package var apiKey: String
    package var model: String
    /// The voice that speaks when the agent names none.
    package var voice: String
    /// Hz of headerless samples where the server does not say; OpenAI's own are 24,000.
    package var sampleRate: Int
    /// 0.25 ... 4; nil sends none.
    package var speed: Double?

    package let provider = "openai-speech"

    package init(
        url: String = "https://api.openai.com/v1", apiKey: String = "", model: String = "gpt-4o-mini-tts",
        voice: String = "alloy", sampleRate: Int = 24_000, speed: Double? = nil
    ) {
        self.url = url
        self.apiKey = apiKey
        self.model = model
        self.voice = voice
        self.sampleRate = sampleRate
        self.speed = speed
    }

    private struct Body: Encodable {
        let model: String
        let input: String
        let voice: String
        let responseFormat = "pcm"
        let speed: Double?

        private enum CodingKeys: String, CodingKey {
            case model, input, voice, speed
            case responseFormat = "response_format"
        }
    }

    /// The vendor's bound.
    private static let longestText = 4096

    package func request(
        _ text: String, voice: String, format: AudioFormat
    ) throws(SpeechError) -> HTTPClientRequest {
        guard text.count <= Self.longestText else {
            throw SpeechError(
                .refused, operation: "POST /audio/speech", provider: provider,
                detail: "a text of \(text.count) characters; \(Self.longestText) at most")
        }
        let body = Body(model: model, input: text, voice: voice.isEmpty ? self.voice : voice, speed: speed)
        // Strings and finite numbers can always be encoded.
        let bytes = (try? JSONEncoder().encode(body)).map { Array($0) } ?? []
        var headers = [("Content-Type", "application/json")]
        if !apiKey.isEmpty { headers.append(("Authorization", "Bearer \(apiKey)")) }
        return HTTPClientRequest(
            method: "POST", url: "\(url)/audio/speech", headers: headers, body: bytes,
            deadlines: .init(
                connect: .seconds(3), firstByte: .seconds(5), betweenChunks: .seconds(3), total: .seconds(60)))
    }

    package func expected(for format: AudioFormat) -> AudioFormat {
        AudioFormat(encoding: .linear16, sampleRate: sampleRate)
    }
}
