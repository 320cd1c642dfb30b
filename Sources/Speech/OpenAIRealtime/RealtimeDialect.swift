import AudioCore
import Foundation
import Networking

/// OpenAI's messages of a transcription session: audio is appended, and committed at the end of an utterance; the words come
/// by item. Our own voice detector says where utterances end, so the vendor's is off, and only utterances are sent.
struct RealtimeDialect: StreamingDialect {
    private let configuration: RealtimeTranscriptionConfiguration
    private let format: String
    /// Audio that was committed and has no item yet, oldest first; seconds of the leg.
    private var committed: [ClosedRange<Double>] = []
    private var items: [String: (range: ClosedRange<Double>, text: String)] = [:]
    private var lastCommit = 0.0

    /// - Throws: ``SpeechError/Code/refused`` for a format that is not taken.
    init(_ configuration: RealtimeTranscriptionConfiguration, format: AudioFormat) throws(SpeechError) {
        self.configuration = configuration
        switch (format.encoding, format.sampleRate) {
        case (.mulaw, 8000): self.format = "audio/pcmu"
        case (.alaw, 8000): self.format = "audio/pcma"
        default:
            throw SpeechError(
                .refused, operation: RealtimeTranscriptionConfiguration.operation,
                provider: RealtimeTranscriptionConfiguration.provider,
                detail: "a leg in \(format) cannot be sent as it is; use 8 kHz µ-law or A-law")
        }
    }

    let provider = RealtimeTranscriptionConfiguration.provider
    let operation = RealtimeTranscriptionConfiguration.operation
    let refusals: Set<UInt16> = [1003, 1007]
    let denials: Set<UInt16> = [1008, 3000]

    var settings: StreamingSettings {
        var settings = StreamingSettings()
        settings.hearsUtterancesOnly = true
        // Nothing is said before the commit, however long the caller speaks.
        settings.firstResultDeadline = .seconds(3600)
        settings.assembly.finalizeDeadline = configuration.finalizeDeadline
        settings.assembly.settledFinalizeDeadline = configuration.finalizeDeadline
        settings.assembly.answerDeadline = configuration.answerDeadline
        return settings
    }

    private struct Update: Encodable {
        struct Session: Encodable {
            struct Audio: Encodable {
                struct Input: Encodable {
                    let format: [String: String]
                    let transcription: [String: String]

                    private enum CodingKeys: String, CodingKey {
                        case format, transcription
                        case turnDetection = "turn_detection"
                    }

                    func encode(to encoder: any Encoder) throws {
                        var container = encoder.container(keyedBy: CodingKeys.self)
                        try container.encode(format, forKey: .format)
                        try container.encode(transcription, forKey: .transcription)
                        try container.encodeNil(forKey: .turnDetection)
                    }
                }
                let input: Input
            }
            let type = "transcription"
            let audio: Audio
        }
        let type = "session.update"
        let session: Session
    }

    mutating func opened() -> [String] {
        committed = []
        items = [:]
        // What the broken connection was given is given again.
        lastCommit = 0
        var transcription = ["model": configuration.model]
        if !configuration.language.isEmpty {
            transcription["language"] = String(configuration.language.prefix { $0 != "-" })
        }
        let update = Update(
            session: .init(audio: .init(input: .init(format: ["type": format], transcription: transcription))))
        // Strings can always be encoded.
        return (try? JSONEncoder().encode(update)).map { [String(decoding: $0, as: UTF8.self)] } ?? []
    }

    func send(_ frame: Span<UInt8>, on socket: WebSocket) -> Bool {
        let audio = unsafe frame.withUnsafeBytes { unsafe Data($0) }.base64EncodedString()
        let message = "{\"type\":\"input_audio_buffer.append\",\"audio\":\"\(audio)\"}"
        return socket.send(text: message.utf8Span.span) == .queued
    }

    mutating func finalize(sent: Double) -> StreamingRequest? {
        // Committing nothing is an error.
        guard sent > lastCommit else { return nil }
        committed.append(lastCommit...sent)
        lastCommit = sent
        return #"{"type":"input_audio_buffer.commit"}"#
    }

    mutating func notTaken() {
        if let last = committed.popLast() { lastCommit = last.lowerBound }
    }

    private struct Wire: Decodable {
        struct Failure: Decodable {
            let type: String?
            let code: String?
            let message: String?
        }
        let type: String
        let item: String?
        let delta: String?
        let transcript: String?
        let error: Failure?

        private enum CodingKeys: String, CodingKey {
            case type, delta, transcript, error
            case item = "item_id"
        }
    }

    mutating func read(_ message: Span<UInt8>, sent: Double) throws -> [StreamingReply] {
        let data = unsafe message.withUnsafeBytes { unsafe Data($0) }
        let wire = try JSONDecoder().decode(Wire.self, from: data)
        switch wire.type {
        case "input_audio_buffer.committed":
            if let item = wire.item, items[item] == nil, !committed.isEmpty {
                items[item] = (committed.removeFirst(), "")
            }
            return []
        case "conversation.item.input_audio_transcription.delta":
            guard let item = wire.item, items[item] != nil else { return [] }
            items[item]?.text += wire.delta ?? ""
            return segment(item, isFinal: false)
        case "conversation.item.input_audio_transcription.completed":
            guard let item = wire.item, items[item] != nil else { return [] }
            items[item]?.text = wire.transcript ?? ""
            defer { items[item] = nil }
            return segment(item, isFinal: true)
        case "conversation.item.input_audio_transcription.failed":
            if let item = wire.item { items[item] = nil }
            return [.complaint(wire.error?.message ?? "no words")]
        case "error": return refused(wire.error)
        default: return []
        }
    }

    /// Most errors are about one message; those about the account are not.
    private func refused(_ error: Wire.Failure?) -> [StreamingReply] {
        let words = "\(error?.code ?? error?.type ?? "error"): \(error?.message ?? "no words")"
        switch error?.code {
        case "invalid_api_key", "insufficient_quota":
            return [.failure(SpeechError(.unauthorized, operation: operation, provider: provider, detail: words))]
        case "rate_limit_exceeded":
            return [.failure(SpeechError(.overloaded, operation: operation, provider: provider, detail: words))]
        case "session_expired", "server_error":
            return [.failure(SpeechError(.unavailable, operation: operation, provider: provider, detail: words))]
        default: return [.complaint(words)]
        }
    }

    private func segment(_ item: String, isFinal: Bool) -> [StreamingReply] {
        guard let (range, text) = items[item] else { return [] }
        return [
            .segment(
                RecognizedSegment(
                    start: range.lowerBound, duration: range.upperBound - range.lowerBound, isFinal: isFinal,
                    speechFinal: isFinal, fromFinalize: isFinal, transcript: PlainWords.of(text),
                    confidence: RecognizedSegment.usualConfidence))
        ]
    }
}
