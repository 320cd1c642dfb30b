/// What to do with a batch the store did not take. Pure.
enum BatchVerdict: Sendable, Equatable {
    /// Wait, then try the same batch again.
    case retry(after: Duration)
    /// One of its records is at fault: store them one by one.
    case isolate
    /// The only record is at fault: count it, report it, go on.
    case reject
    /// The database is at fault: spill.
    case spill

    /// - Parameters:
    ///   - tries: how often this batch was tried, the failed one included.
    ///   - delays: waits before the second, third, … try.
    init(_ error: StoreError, batchSize: Int, tries: Int, delays: [Duration]) {
        if error.code == .rejected {
            self = batchSize > 1 ? .isolate : .reject
        } else if error.isTransient, tries <= delays.count {
            self = .retry(after: delays[tries - 1])
        } else {
            self = .spill
        }
    }
}
