import Foundation
import Networking

/// Soniox' messages: tokens, of which final ones come once and the others with every message anew.
struct SonioxDialect: StreamingDialect {
    private let configuration: SonioxConfiguration
    private let setup: Setup
    /// Final tokens of a word that may go on.
    private var held: [SonioxToken] = []
    /// The message with final tokens that came last, so that one which comes again is known.
    private var last: (tokens: [SonioxToken], processed: Double?) = ([], nil)
    /// Seconds of the connection up to which words are final.
    private var finalEnd = 0.0
    /// Seconds of the connection when the rest was asked for.
    private var asked = 0.0

    private struct Setup: Encodable {
        struct Context: Encodable { let terms: [String] }
        let model: String
        let format: String
        let rate: Int
        let channels = 1
        let languageHints: [String]?
        let identifiesLanguage: Bool
        let findsEndpoints = true
        let context: Context?

        private enum CodingKeys: String, CodingKey {
            case model, context
            case format = "audio_format"
            case rate = "sample_rate"
            case channels = "num_channels"
            case languageHints = "language_hints"
            case identifiesLanguage = "enable_language_identification"
            case findsEndpoints = "enable_endpoint_detection"
        }
    }

    init(_ configuration: SonioxConfiguration, format: (name: String, rate: Int), vocabulary: SpeechVocabulary) {
        self.configuration = configuration
        let terms = KeyTerms.of(vocabulary, first: configuration.keyTerms)
        setup = Setup(
            model: configuration.model, format: format.name, rate: format.rate,
            languageHints: configuration.detectsLanguage ? nil : [String(configuration.language.prefix { $0 != "-" })],
            identifiesLanguage: configuration.detectsLanguage, context: terms.isEmpty ? nil : .init(terms: terms))
    }

    let provider = SonioxConfiguration.provider
    let operation = SonioxConfiguration.operation
    let refusals: Set<UInt16> = [1003, 1007]
    let denials: Set<UInt16> = [1008]
    var keepAlive: String? { #"{"type":"keepalive"}"# }
    /// The end of the stream is an empty message.
    var farewell: String? { "" }

    var settings: StreamingSettings {
        var settings = StreamingSettings()
        settings.assembly.finalizeDeadline = configuration.finalizeDeadline
        settings.assembly.answerDeadline = configuration.answerDeadline
        return settings
    }

    mutating func opened() -> [String] {
        held = []
        last = ([], nil)
        finalEnd = 0
        asked = 0
        // Strings and numbers can always be encoded.
        return (try? JSONEncoder().encode(setup)).map { [String(decoding: $0, as: UTF8.self)] } ?? []
    }

    mutating func finalize(sent: Double) -> StreamingRequest? {
        asked = sent
        return #"{"type":"finalize"}"#
    }

    private struct Wire: Decodable {
        let tokens: [SonioxToken]?
        let finalProcessed: Double?
        let processed: Double?
        let errorCode: Int?
        let error: String?

        private enum CodingKeys: String, CodingKey {
            case tokens
            case finalProcessed = "final_audio_proc_ms"
            case processed = "total_audio_proc_ms"
            case errorCode = "error_code"
            case error = "error_message"
        }
    }

    mutating func read(_ message: Span<UInt8>, sent: Double) throws -> [StreamingReply] {
        let data = unsafe message.withUnsafeBytes { unsafe Data($0) }
        let wire = try JSONDecoder().decode(Wire.self, from: data)
        if let code = wire.errorCode { return [.failure(failure(code, wire.error))] }
        let tokens = wire.tokens ?? []
        let finals = tokens.filter { $0.isFinal == true }
        if !finals.isEmpty {
            if finals == last.tokens, wire.finalProcessed == last.processed { return [] }
            last = (finals, wire.finalProcessed)
        }
        var replies: [StreamingReply] = []
        var complete: [SonioxToken] = []
        for token in finals {
            if token.isMark {
                replies.append(ended(complete + held, by: token, processed: wire.finalProcessed))
                (complete, held) = ([], [])
            } else {
                if token.beginsWord {
                    complete += held
                    held = []
                }
                held.append(token)
            }
        }
        let others = tokens.filter { $0.isFinal != true && !$0.isMark }
        if others.first?.beginsWord == true {
            complete += held
            held = []
        }
        if !complete.isEmpty { replies.append(.segment(final(complete, end: nil))) }
        if let interim = interim(held + others, processed: wire.processed) { replies.append(.segment(interim)) }
        return replies
    }

    /// The words up to a mark.
    private mutating func ended(_ tokens: [SonioxToken], by mark: SonioxToken, processed: Double?) -> StreamingReply {
        let isAnswer = mark.text == "<fin>"
        // Whatever was given before the question is in the answer.
        let end = max(processed.map { $0 / 1000 } ?? 0, isAnswer ? asked : 0)
        var segment = final(tokens, end: end)
        segment.speechFinal = true
        segment.fromFinalize = isAnswer
        segment.endOfTurn = isAnswer ? nil : 1
        return .segment(segment)
    }

    private mutating func final(_ tokens: [SonioxToken], end: Double?) -> RecognizedSegment {
        let first = tokens.first?.start.map { $0 / 1000 } ?? finalEnd
        let spoken = tokens.compactMap(\.end).max().map { $0 / 1000 } ?? first
        let last = max(end ?? spoken, spoken)
        // A negative time stays one, so that it is counted.
        let start = first < 0 ? first : min(max(first, finalEnd), last)
        let segment = RecognizedSegment(tokens, start: start, end: last, isFinal: true, locale: locale(tokens))
        if segment.isPlausible { finalEnd = max(finalEnd, last) }
        return segment
    }

    /// What may still change; without words it says up to where there were none.
    private func interim(_ tokens: [SonioxToken], processed: Double?) -> RecognizedSegment? {
        let start = tokens.first?.start.map { $0 / 1000 } ?? finalEnd
        let end = max(processed ?? 0, tokens.compactMap(\.end).max() ?? 0) / 1000
        guard end > start else { return nil }
        return RecognizedSegment(tokens, start: start, end: end, isFinal: false, locale: locale(tokens))
    }

    private func locale(_ tokens: [SonioxToken]) -> SpeechLocale {
        let spoken =
            configuration.detectsLanguage ? tokens.first { $0.language != nil }?.language : configuration.language
        return spoken.flatMap { SpeechLocale(tag: $0) } ?? .english
    }

    private func failure(_ status: Int, _ words: String?) -> SpeechError {
        let code: SpeechError.Code =
            switch status {
            case 401, 402, 403: .unauthorized
            case 429: .overloaded
            case 408: .unavailable
            case 400..<500: .refused
            default: .unavailable
            }
        return SpeechError(code, operation: operation, provider: provider, detail: "\(status): \(words ?? "no words")")
    }
}
