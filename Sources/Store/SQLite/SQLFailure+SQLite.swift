import GRDB

extension SQLFailure {
    /// Sorts what the engine threw. Its statement and arguments are left out: they hold what callers said.
    init(_ error: DatabaseError) {
        self.init(
            code: Self.code(for: error.resultCode),
            detail: "\(error.message ?? "\(error.resultCode)") (SQLite \(error.extendedResultCode.rawValue))",
            isForeignKey: error.extendedResultCode == .SQLITE_CONSTRAINT_FOREIGNKEY)
    }

    private static func code(for result: ResultCode) -> StoreError.Code {
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
