/// How often a person answered in each hour of the day, where the callees are, in one campaign. A value.
package struct HourlyAnswers: Sendable, Equatable {
    /// Attempts that an hour is taken to have seen before its first, answered as often as those of all hours: a few calls
    /// make no hour the best one.
    private static let prior = 20.0

    private var attempts = [Double](repeating: 0, count: 24)
    private var answered = [Double](repeating: 0, count: 24)

    package init() {}

    /// An attempt of this hour, 0...23, has ended. What says nothing of whether people are there is not counted.
    package mutating func note(_ outcome: AttemptOutcome, hour: Int) {
        switch outcome {
        case .reached, .optedOut, .abandoned, .hungUpEarly: answered[hour] += 1
        case .machine, .messageLeft, .screened, .menu, .busy, .noAnswer, .rejected: break
        case .fax, .wrongNumber, .failed, .cancelled, .notPlaced: return
        }
        attempts[hour] += 1
    }

    /// The share of attempts in this hour, 0...23, that a person answered, above 0.
    package func share(ofHour hour: Int) -> Double {
        let all = (answered.reduce(0, +) + 1) / (attempts.reduce(0, +) + 4)
        return (answered[hour] + Self.prior * all) / (attempts[hour] + Self.prior)
    }
}
