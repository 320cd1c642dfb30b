import Foundation

/// What Deepgram's live recognition says.
package enum DeepgramMessage: Sendable, Equatable {
    case results(RecognizedSegment)
    /// A message of ours that Deepgram did not accept.
    case error(description: String)
    /// `SpeechStarted`, `UtteranceEnd`, `Metadata` and whatever comes later: nothing to do.
    case other(type: String)

    /// - Throws: `DecodingError` for what is not JSON or lacks a required key.
    package init(_ bytes: Span<UInt8>) throws {
        let data = unsafe bytes.withUnsafeBytes { unsafe Data($0) }
        let decoder = JSONDecoder()
        let type = try decoder.decode(Envelope.self, from: data).type
        switch type {
        case "Results": self = .results(try decoder.decode(RecognizedSegment.self, from: data))
        case "Error":
            let error = try decoder.decode(Failure.self, from: data)
            self = .error(description: error.description ?? error.message ?? "no description")
        default: self = .other(type: type)
        }
    }

    private struct Envelope: Decodable { let type: String }
    private struct Failure: Decodable {
        let description: String?
        let message: String?
    }

    static let keepAlive = #"{"type":"KeepAlive"}"#
    static let finalize = #"{"type":"Finalize"}"#
    static let closeStream = #"{"type":"CloseStream"}"#
}
