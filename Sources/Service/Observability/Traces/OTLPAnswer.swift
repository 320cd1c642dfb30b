import Foundation

/// `ExportTraceServiceResponse`, as far as it matters.
struct OTLPAnswer: Decodable {
    private struct Partial: Decodable {
        let rejectedSpans: Int

        private enum CodingKeys: CodingKey { case rejectedSpans }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            // A 64-bit integer is a text in this JSON; some write a number.
            let text = try? values.decode(String.self, forKey: .rejectedSpans)
            rejectedSpans = try text.flatMap(Int.init) ?? values.decodeIfPresent(Int.self, forKey: .rejectedSpans) ?? 0
        }
    }

    private let partialSuccess: Partial?

    /// Spans that the collector says it did not take; an answer in another form says nothing of the kind.
    static func rejectedSpans(_ body: [UInt8]) -> Int {
        (try? JSONDecoder().decode(OTLPAnswer.self, from: Data(body)))?.partialSuccess?.rejectedSpans ?? 0
    }
}
