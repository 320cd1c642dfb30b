import GRDB

extension StoreError {
    /// What somebody is told of what an engine threw.
    init(_ error: any Error, operation: String, subject: String) {
        switch error {
        case let error as StoreError:
            self = error
        case let failure as SQLFailure:
            self.init(failure.code, operation: operation, subject: subject, detail: failure.detail)
        case let error as DatabaseError:
            self.init(SQLFailure(error), operation: operation, subject: subject)
        case is CancellationError:
            self.init(.cancelled, operation: operation, subject: subject, detail: "the task was cancelled")
        default:
            self.init(.failed, operation: operation, subject: subject, detail: "\(error)")
        }
    }
}
