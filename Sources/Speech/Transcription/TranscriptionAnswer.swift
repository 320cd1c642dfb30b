import Foundation

/// What a server heard in a file.
struct TranscriptionAnswer: Equatable {
    var text: String
    /// 0...1.
    var confidence: Double

    private struct Wire: Decodable {
        struct Token: Decodable { let logprob: Double }
        struct Segment: Decodable {
            let averageLogprob: Double?
            let silence: Double?

            private enum CodingKeys: String, CodingKey {
                case averageLogprob = "avg_logprob"
                case silence = "no_speech_prob"
            }
        }
        let text: String
        let logprobs: [Token]?
        let segments: [Segment]?
    }

    /// Of a server that does not say how sure it is.
    private static let usualConfidence = 0.85
    /// A segment that is more probably silence holds invented words.
    private static let likelySilence = 0.6

    /// - Throws: `DecodingError` for what is no answer.
    init(_ body: [UInt8]) throws {
        let wire = try JSONDecoder().decode(Wire.self, from: Data(body))
        let segments = wire.segments ?? []
        let isSilence = !segments.isEmpty && segments.allSatisfy { $0.silence ?? 0 > Self.likelySilence }
        text = isSilence ? "" : wire.text
        let logs = (wire.logprobs ?? []).map(\.logprob) + segments.compactMap(\.averageLogprob)
        let finite = logs.filter(\.isFinite)
        confidence =
            finite.isEmpty ? Self.usualConfidence : min(max(exp(finite.reduce(0, +) / Double(finite.count)), 0), 1)
    }
}
