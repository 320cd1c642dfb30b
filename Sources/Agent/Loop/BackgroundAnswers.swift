/// Answers of colleagues who were asked while the conversation went on. Bounded by how many may be asked at once.
struct BackgroundAnswers: Sendable {
    struct Answer: Sendable {
        var invocation: ToolInvocation
        var outcome: ToolOutcome
    }

    /// Asked at the same time at most.
    static let most = 3

    /// Asked, and not answered yet.
    private(set) var running = 0
    private var arrived: [Answer] = []

    var hasArrived: Bool { !arrived.isEmpty }

    /// - Returns: false when as many are asked already as may be.
    mutating func begin() -> Bool {
        guard running + arrived.count < Self.most else { return false }
        running += 1
        return true
    }

    mutating func end(_ invocation: ToolInvocation, _ outcome: ToolOutcome) {
        running -= 1
        arrived.append(Answer(invocation: invocation, outcome: outcome))
    }

    /// Those that came since the last look; once.
    mutating func take() -> [Answer] {
        defer { arrived = [] }
        return arrived
    }
}
