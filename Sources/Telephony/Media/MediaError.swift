/// Why a message of a media stream was refused, or a message could not be made.
package struct MediaError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, Equatable {
        /// The message is not one JSON object of the dialect's shape.
        case malformedMessage
        /// A text within the message is not UTF-8.
        case malformedText
        /// The audio is not base64, or not whole samples.
        case malformedAudio
        /// The message, or the audio in it, is over the limit.
        case tooLarge
        /// A field that this message must have is absent or of another kind.
        case missingField
        /// A field that this message must not have.
        case unexpectedField
        /// A binary message where the dialect has none.
        case unexpectedBinary
        /// A message that may not come at this point of the stream.
        case outOfOrder
        /// The message names another stream.
        case wrongStream
        /// The stream's audio format is not one the leg can play.
        case unsupportedFormat
    }

    package let code: Code
    /// The message or field concerned, in the dialect's spelling; never audio or text of the call.
    package let subject: String
    package let reason: String

    package init(_ code: Code, subject: String, reason: String) {
        self.code = code
        self.subject = subject
        self.reason = reason
    }

    package var description: String { "cannot accept \(subject) of the media stream: \(reason)" }

    static let noBinary = MediaError(
        .unexpectedBinary, subject: "a binary message", reason: "the dialect has no binary messages")

    static func outOfOrder(_ event: String, _ reason: String) -> MediaError {
        MediaError(.outOfOrder, subject: "\"\(event)\"", reason: reason)
    }
}
