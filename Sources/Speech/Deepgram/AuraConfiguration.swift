package import AudioCore
import Foundation
package import Networking

/// How to reach Deepgram's synthesis (Aura, `POST /v1/speak`), or a self-hosted server that speaks it.
///
/// Over HTTP, since the socket allows only 20 flushes a minute: too few for an agent that speaks sentence by sentence.
package struct AuraConfiguration: SpeechHTTPDialect, Equatable {
    /// `https://` or `http://`, host and port; the path is added.
    package var url: String
    /// Sent as `Authorization: Token …`.
    package var apiKey: String
    /// The voice that speaks when the agent names none; the vendor counts it as a model.
    package var voice: String

    package let provider = "deepgram"

    package init(url: String = "https://api.deepgram.com", apiKey: String, voice: String = "aura-2-thalia-en") {
        self.url = url
        self.apiKey = apiKey
        self.voice = voice
    }

    private static let operation = "POST /v1/speak"
    /// The vendor's bound.
    private static let longestText = 2000

    package func request(
        _ text: String, voice: String, format: AudioFormat
    ) throws(SpeechError) -> HTTPClientRequest {
        let voice = voice.isEmpty ? self.voice : voice
        guard !voice.isEmpty, voice.utf8.allSatisfy({ UInt8(ascii: "-") == $0 || Self.isAlphanumeric($0) }) else {
            throw refusal("'\(voice)' must be the name of a voice, such as aura-2-thalia-en")
        }
        guard text.count <= Self.longestText else {
            throw refusal("a text of \(text.count) characters; \(Self.longestText) at most")
        }
        let rates = format.encoding == .linear16 ? [8000, 16_000, 24_000, 32_000, 48_000] : [8000, 16_000]
        guard rates.contains(format.sampleRate) else { throw refusal("a leg in \(format) is not offered") }
        let bytes = (try? JSONEncoder().encode(["text": text])).map { Array($0) } ?? []
        return HTTPClientRequest(
            method: "POST",
            // Without container=none the audio begins with the click of a WAV header.
            url: "\(url)/v1/speak?model=\(voice)&encoding=\(format.encoding.rawValue)"
                + "&sample_rate=\(format.sampleRate)&container=none",
            headers: [("Authorization", "Token \(apiKey)"), ("Content-Type", "application/json")], body: bytes,
            deadlines: .init(
                connect: .seconds(3), firstByte: .seconds(5), betweenChunks: .seconds(3), total: .seconds(60)))
    }

    package func expected(for format: AudioFormat) -> AudioFormat { format }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }

    private func refusal(_ detail: String) -> SpeechError {
        SpeechError(.refused, operation: Self.operation, provider: provider, detail: detail)
    }
}
