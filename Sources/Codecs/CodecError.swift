/// What a codec library refused.
package struct CodecError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: Sendable, Equatable {
        /// A rate, channel count or frame length that the codec does not have. A mistake of the caller.
        case unsupported
        /// A packet that cannot be decoded. Conceal it and go on.
        case malformedPacket
        /// Memory or an inner fault of the library.
        case libraryFailed
    }

    package let code: Code
    /// What was being done: "encode", "decode", "open".
    package let operation: String
    /// The codec and what it was asked for.
    package let subject: String
    /// The library's own words.
    package let reason: String

    package init(_ code: Code, operation: String, subject: String, reason: String) {
        self.code = code
        self.operation = operation
        self.subject = subject
        self.reason = reason
    }

    package var description: String { "cannot \(operation) \(subject): \(reason)" }
}
