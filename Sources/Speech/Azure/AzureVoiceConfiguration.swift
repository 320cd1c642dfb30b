package import AudioCore
package import Networking

/// How to reach the synthesis of Azure Speech (`POST /cognitiveservices/v1`), or its container.
package struct AzureVoiceConfiguration: SpeechHTTPDialect, Equatable {
    /// The region's `https://REGION.tts.speech.microsoft.com`, or a container's `http://…/speech/synthesize`; the path is
    /// added.
    package var url: String
    /// Sent as `Ocp-Apim-Subscription-Key`; empty sends none, as a container wants it.
    package var apiKey: String
    /// The voice that speaks when the agent names none.
    package var voice: String
    /// BCP 47, with its region; nil takes the voice's own.
    package var language: String?

    package let provider = "azure-speech"

    package static let defaultVoice = "en-US-AvaMultilingualNeural"

    package init(url: String, apiKey: String, voice: String = Self.defaultVoice, language: String? = nil) {
        self.url = url
        self.apiKey = apiKey
        self.voice = voice
        self.language = language
    }

    package func request(
        _ text: String, voice: String, format: AudioFormat
    ) throws(SpeechError) -> HTTPClientRequest {
        let voice = voice.isEmpty ? self.voice : voice
        guard voice.isVendorName else {
            throw refusal("'\(voice)' must be the name of a voice, such as \(Self.defaultVoice)")
        }
        guard let own = LanguageTag(ofVoice: voice), let tag = LanguageTag(language ?? own.text) else {
            throw refusal("'\(language ?? voice)' must be, or begin with, a language such as en-US")
        }
        guard let output = Self.outputFormat(format) else { throw refusal("a leg in \(format) is not offered") }
        var headers = [
            ("Content-Type", "application/ssml+xml"), ("X-Microsoft-OutputFormat", output), ("User-Agent", "parley"),
        ]
        if !apiKey.isEmpty { headers.append(("Ocp-Apim-Subscription-Key", apiKey)) }
        return HTTPClientRequest(
            method: "POST", url: "\(url)/cognitiveservices/v1", headers: headers,
            body: Array(Self.document(text, voice: voice, language: tag, isVoicesOwn: tag.primary == own.primary).utf8),
            deadlines: .init(
                connect: .seconds(3), firstByte: .seconds(5), betweenChunks: .seconds(3), total: .seconds(60)))
    }

    package func expected(for format: AudioFormat) -> AudioFormat { format }

    package var asksForSamples: Bool { true }

    package var readsSounds: Bool { true }

    /// The SSML of a text. A voice that knows several languages goes by the words' own unless it is told.
    private static func document(_ text: String, voice: String, language: LanguageTag, isVoicesOwn: Bool) -> String {
        var words = InterlinearAnnotation.ssml(text) ?? SSMLText.escaped(text)
        if voice.contains("Multilingual"), !isVoicesOwn {
            words = "<lang xml:lang=\"\(language.text)\">\(words)</lang>"
        }
        return "<speak version=\"1.0\" xmlns=\"http://www.w3.org/2001/10/synthesis\" xml:lang=\"\(language.text)\">"
            + "<voice name=\"\(voice)\">\(words)</voice></speak>"
    }

    private static func outputFormat(_ format: AudioFormat) -> String? {
        switch (format.encoding, format.sampleRate) {
        case (.mulaw, 8000): "raw-8khz-8bit-mono-mulaw"
        case (.alaw, 8000): "raw-8khz-8bit-mono-alaw"
        case (.linear16, 8000), (.linear16, 16_000), (.linear16, 24_000), (.linear16, 48_000):
            "raw-\(format.sampleRate / 1000)khz-16bit-mono-pcm"
        case (.linear16, 22_050), (.linear16, 44_100): "raw-\(format.sampleRate)hz-16bit-mono-pcm"
        default: nil
        }
    }

    private func refusal(_ detail: String) -> SpeechError {
        SpeechError(.refused, operation: "POST /cognitiveservices/v1", provider: provider, detail: detail)
    }
}
