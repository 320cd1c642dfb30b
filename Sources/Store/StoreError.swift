/// What went wrong with stored data, and what somebody can do about it.
///
/// Texts name operations, files and ids; never what a caller said or a phone number.
package struct StoreError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable, Codable, CaseIterable {
        /// There is no database where one was expected.
        case missing
        /// The directory or the file cannot be created or written.
        case notWritable
        /// The file is not a database, or its pages contradict each other.
        case damaged
        /// A database, but of another program.
        case foreign
        /// Written by a newer Parley than this one.
        case newerVersion
        case diskFull
        /// Another process held the database longer than the busy time-out.
        case locked
        /// The server that keeps the database cannot be reached, or the connection to it was lost.
        case unreachable
        case notFound
        /// Something of this name is there already.
        case exists
        /// A prefix that several ids share.
        case ambiguous
        /// One record breaks the schema's rules; trying again cannot help.
        case rejected
        case cancelled
        /// Anything else the engine reports.
        case failed
    }

    package let code: Code
    /// What was being done: `open the database`.
    package let operation: String
    /// What it was done to: a path or an id.
    package let subject: String
    /// The engine's own words, or ours.
    package let detail: String

    package init(_ code: Code, operation: String, subject: String, detail: String) {
        self.code = code
        self.operation = operation
        self.subject = subject
        self.detail = detail
    }

    /// Whether the same operation may succeed a little later without anybody's help.
    package var isTransient: Bool { code == .locked || code == .unreachable }

    /// What the reader of the message should do.
    package var advice: String {
        switch code {
        case .missing: "start the service once, or name the right file"
        case .notWritable: "give the service's user write permission there, or choose another path"
        case .damaged: "move the file aside, keep it, and restore a back-up"
        case .foreign: "choose another path"
        case .newerVersion: "run the version that wrote it, or a later one"
        case .diskFull: "free space on that disk"
        case .locked: "find the other process that holds the file"
        case .unreachable: "start the database's server, or correct its address, user or password"
        case .notFound: "look at the list for what exists"
        case .exists: "choose another name"
        case .ambiguous: "give more characters of the id"
        case .rejected: "this is a fault in what was to be stored; report it"
        case .cancelled: "nothing; the one who asked no longer waits"
        case .failed: "look at the detail; report it if it repeats"
        }
    }

    package var description: String {
        "could not \(operation) (\(subject)): \(detail) [\(code.rawValue)]; what to do: \(advice)"
    }
}
