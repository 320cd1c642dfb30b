package import Foundation

/// What a program came to.
package struct ProcessResult: Sendable, Equatable {
    package enum End: Sendable, Equatable {
        /// By itself, with a status.
        case exited(Int32)
        /// By a signal that was not ours.
        case signalled(Int32)
        /// It was killed: its time was over.
        case time
        /// It was killed: it wrote too much.
        case output
        /// It was killed: nobody waits for it any more.
        case cancelled
    }

    package var end: End
    /// What it had written until then, at most as much as allowed.
    package var output: Data
    package var errors: Data
    /// It ended by itself, and somebody kept its pipes open: there may be more that was not waited for.
    package var isCut: Bool

    package init(end: End, output: Data, errors: Data, isCut: Bool = false) {
        self.end = end
        self.output = output
        self.errors = errors
        self.isCut = isCut
    }
}
