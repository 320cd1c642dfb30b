/// Why a sealed recording cannot be read.
package struct SealedError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: Sendable, Equatable {
        /// It is no sealed recording, or one of a later version.
        case foreign
        /// None of the keys given is the one that it was sealed with.
        case unknownKey
        /// A part of it is not what was written.
        case damaged
        /// It ends before its end.
        case truncated
    }

    package let code: Code
    package let path: String
    package let detail: String

    init(_ code: Code, _ path: String, _ detail: String) {
        self.code = code
        self.path = path
        self.detail = detail
    }

    package var description: String { "the recording \(path) cannot be opened: \(detail)" }
}
