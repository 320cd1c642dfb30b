import Glibc

/// Why a program was not started.
package struct ProcessError: Error, Sendable, Equatable, CustomStringConvertible {
    package var description: String

    /// - Parameters:
    ///   - operation: what could not be done.
    ///   - code: of `errno`.
    init(_ operation: String, code: CInt) {
        // SAFETY: the text is the C library's, and is copied at once.
        description = unsafe "\(operation): \(String(cString: strerror(code)))"
    }
}
