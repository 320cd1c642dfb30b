import GRDB

extension StoreError {
    /// Sorts what the engine threw. Its statement and arguments are left out: they hold what callers said.
    init(_ error: any Error, operation: String, subject: String) {
        switch error {
        case let error as StoreError:
            self = error
        case let error as DatabaseError:
            let text = error.message ?? "\(error.resultCode)"
            self.init(
                Self.code(for: error.resultCode), operation: operation, subject: subject,
                detail: "\(text) (SQLite \(error.extendedResultCode.rawValue))")
        case is CancellationError:
            self.init(.cancelled, operation: operation, subject: subject, detail: "the task was cancelled")
        default:
            self.init(.failed, operation: operation, subject: subject, detail: "\(error)")
        }
    }

    private static func code(for result: ResultCode) -> Code {
        switch result {
        case .SQLITE_FULL: .diskFull
        case .SQLITE_BUSY, .SQLITE_LOCKED: .locked
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: .damaged
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM: .notWritable
        case .SQLITE_CONSTRAINT, .SQLITE_MISMATCH, .SQLITE_TOOBIG: .rejected
        case .SQLITE_INTERRUPT, .SQLITE_ABORT: .cancelled
        default: .failed
        }
    }
}
