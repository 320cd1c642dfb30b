/// What went wrong with audio, and with which audio.
package struct AudioError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: Sendable, Equatable {
        /// The file could not be opened, read or written. The caller may try again.
        case fileUnavailable
        /// The bytes are not a WAV file, or it is damaged. Trying again will not help.
        case malformedFile
        /// A sound WAV file in a form that is not supported.
        case unsupportedFormat
        /// The resampler refused its rates, or ran out of memory.
        case resamplerFailed
    }

    package let code: Code
    /// What was being done: "open", "read the header of", "resample".
    package let operation: String
    /// Which file or conversion.
    package let subject: String
    /// The fault, in the library's own words where a library found it.
    package let reason: String

    package init(_ code: Code, operation: String, subject: String, reason: String) {
        self.code = code
        self.operation = operation
        self.subject = subject
        self.reason = reason
    }

    package var description: String { "cannot \(operation) \(subject): \(reason)" }
}
