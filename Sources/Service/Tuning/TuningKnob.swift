import CallSession

/// A wait of the rules that can be turned, as the configuration names it.
package enum TuningKnob: String, Sendable, CaseIterable {
    case completeWait = "complete_wait"
    case openEndedWait = "open_ended_wait"
    case openWait = "open_wait"
    case shortAnswerWait = "short_answer_wait"
    case digitsWait = "digits_wait"
    case unfinishedWait = "unfinished_wait"
    case wordlessWait = "wordless_wait"
    case heldWait = "held_wait"

    /// What is tried, in ms: the range that people pause in.
    static let range = Array(stride(from: 100, through: 2000, by: 20))

    private var path: WritableKeyPath<TurnDetector, Duration> {
        switch self {
        case .completeWait: \.completeWait
        case .openEndedWait: \.openEndedWait
        case .openWait: \.openWait
        case .shortAnswerWait: \.shortAnswerWait
        case .digitsWait: \.digitsWait
        case .unfinishedWait: \.unfinishedWait
        case .wordlessWait: \.wordlessWait
        case .heldWait: \.heldWait
        }
    }

    func milliseconds(of rules: TurnDetector) -> Int { Int(rules[keyPath: path] / .milliseconds(1)) }

    /// Whether this wait is what ends `pause`: turned to either end of the range, it ends elsewhere.
    func decides(_ pause: PauseCase, under rules: TurnDetector) -> Bool {
        let ends = [Self.range.first, Self.range.last].compactMap(\.self).map { value in
            var trial = rules
            set(value, in: &trial)
            return pause.end(under: trial)
        }
        return Set(ends).count > 1
    }

    func set(_ milliseconds: Int, in rules: inout TurnDetector) { rules[keyPath: path] = .milliseconds(milliseconds) }
}
