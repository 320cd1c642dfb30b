import AudioCore
import Networking

/// How to reach the recognition of Azure Speech
/// (`GET /speech/recognition/conversation/cognitiveservices/v1`), or its container.
package struct AzureTranscriptionConfiguration: Sendable, Equatable {
    /// The region's `wss://REGION.stt.speech.microsoft.com`, or a container's `ws://` address; the path is added.
    package var url: String
    /// Sent as `Ocp-Apim-Subscription-Key`; empty sends none, as a container wants it.
    package var apiKey: String
    /// BCP 47 with their regions, such as `en-US`. With several, the vendor finds out which one is spoken, time and again.
    package var languages: [String]
    /// Terms to listen for, beside those taken from the task's vocabulary.
    package var keyTerms: [String]

    /// From the request to the open socket.
    package var connectDeadline: Duration = .seconds(3)
    /// How long the words and the end of a turn may take that we have ended.
    package var finalizeDeadline: Duration = .milliseconds(900)
    /// From the end of an utterance to its result, reconnecting included.
    package var answerDeadline: Duration = .milliseconds(2200)

    package static let defaultLanguage = "en-US"

    /// - Parameter languages: one or several, separated by commas; `en` alone is the default.
    package init(url: String, apiKey: String, languages: String = Self.defaultLanguage, keyTerms: [String] = []) {
        self.url = url
        self.apiKey = apiKey
        let tags = languages.split { $0 == "," || $0 == " " }.map { $0 == "en" ? Self.defaultLanguage : String($0) }
        self.languages = tags.isEmpty ? [Self.defaultLanguage] : tags
        self.keyTerms = keyTerms
    }

    static let provider = "azure-transcription"
    static let operation = "GET /speech/recognition/conversation/cognitiveservices/v1"
    /// So many the vendor tells apart (Azure's "Language identification", continuous).
    private static let mostLanguages = 10

    /// The code of a leg's encoding in a WAV header (RFC 2361).
    ///
    /// - Throws: ``SpeechError/Code/refused`` for a leg or a language that is not taken.
    func waveCode(of format: AudioFormat) throws(SpeechError) -> UInt16 {
        if let stranger = languages.first(where: { LanguageTag($0) == nil }) {
            throw refusal("'\(stranger)' must be a language such as en-US")
        }
        guard languages.count <= Self.mostLanguages else {
            throw refusal("\(languages.count) languages, of which it tells \(Self.mostLanguages) apart at most")
        }
        switch format.encoding {
        case .alaw: return 6
        case .mulaw: return 7
        case .linear16: throw refusal("a leg in \(format) cannot be sent as it is; use µ-law or A-law")
        }
    }

    private func refusal(_ detail: String) -> SpeechError {
        SpeechError(.refused, operation: Self.operation, provider: Self.provider, detail: detail)
    }

    /// - Parameter connection: names it for the vendor's support, 32 hexadecimal digits.
    func request(connection: String) -> WebSocketRequest {
        let base = url.hasSuffix("/") ? String(url.dropLast()) : url
        let limits = WebSocketLimits(
            maximumMessageBytes: 1 << 20, sendQueueBytes: 64 * 1024, overflow: .refuse, pingInterval: .seconds(10),
            idleTimeout: .seconds(30), closeTimeout: .seconds(1))
        var query =
            "format=detailed&language=\(languages[0])&wordLevelConfidence=true&wordLevelTimestamps=true"
        if languages.count > 1 { query += "&lidEnabled=\(languages.joined(separator: "%2C"))" }
        var headers = [("X-ConnectionId", connection)]
        if !apiKey.isEmpty { headers.append(("Ocp-Apim-Subscription-Key", apiKey)) }
        return WebSocketRequest(
            url: "\(base)/speech/recognition/conversation/cognitiveservices/v1?\(query)", headers: headers,
            openTimeout: connectDeadline, limits: limits)
    }
}
