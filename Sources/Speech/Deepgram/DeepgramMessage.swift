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
        self = try JSONDecoder().decode(Envelope.self, from: data).message
    }

    /// The type says what else there is; read in one go, since parsing the text is most of the work.
    private struct Envelope: Decodable {
        let message: DeepgramMessage

        private enum CodingKeys: CodingKey { case type }

        init(from decoder: any Decoder) throws {
            let type = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .type)
            switch type {
            case "Results": message = .results(try RecognizedSegment(from: decoder))
            case "Error":
                let error = try Failure(from: decoder)
                message = .error(description: error.description ?? error.message ?? "no description")
            default: message = .other(type: type)
            }
        }
    }

    private struct Failure: Decodable {
        let description: String?
        let message: String?
    }

    static let keepAlive = #"{"type":"KeepAlive"}"#
    static let finalize = #"{"type":"Finalize"}"#
    static let closeStream = #"{"type":"CloseStream"}"#
}
