/// When a tenant that has failed is started again: after 1 s, and twice as long after each failure more, 60 s at most.
struct RestartPlan: Sendable, Equatable {
    private var next: Duration
    private let first: Duration
    private let longest: Duration
    /// Who has run for so long has not failed at the start.
    private let recovered: Duration

    init(first: Duration = .seconds(1), longest: Duration = .seconds(60), recovered: Duration = .seconds(60)) {
        self.first = first
        self.longest = longest
        self.recovered = recovered
        next = first
    }

    /// - Parameter ran: how long it had run when it failed.
    /// - Returns: how long to wait.
    mutating func pause(after ran: Duration) -> Duration {
        if ran >= recovered { next = first }
        defer { next = min(next * 2, longest) }
        return next
    }
}
