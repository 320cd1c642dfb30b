import Agent
import Foundation
import Store

/// What is to be done next in a run, by what is done. A value.
struct TeamProgress: Equatable {
    enum Next: Equatable {
        /// These steps can be begun, or taken up again.
        case begin([String])
        /// Somebody is at work, a person has to look, the call goes on, or it is not yet time.
        case wait
        case finish(TeamRunRecord.State, reason: String?)
    }

    /// How often a step is begun: after a process that died, or a model that failed.
    static let mostAttempts = 4

    /// Steps of one stage are done side by side.
    let stages: [[String]]
    /// Those whose failure ends nothing.
    let optional: Set<String>

    init(_ plan: TeamPlan, hasBefore: Bool, holdsCall: Bool, hasAfter: Bool) {
        var stages: [[TeamStep]?] = hasBefore ? plan.before : []
        if holdsCall { stages.append(nil) }
        if hasAfter { stages += plan.after }
        self.stages = stages.map { $0?.map(\.name) ?? [TeamPlan.call] }
        optional = Set(plan.steps.filter(\.isOptional).map(\.name))
    }

    /// - Parameter placesCalls: whether this process can; the call is left to another one where it cannot.
    func next(_ steps: [TeamStepRecord], placesCalls: Bool = true, now: Date) -> Next {
        let known = Dictionary(steps.map { ($0.name, $0) }) { first, _ in first }
        for stage in stages {
            let records = stage.compactMap { known[$0] }
            let ready = records.filter { isReady($0, now) && (placesCalls || $0.name != TeamPlan.call) }
            if !ready.isEmpty { return .begin(ready.map(\.name)) }
            guard records.allSatisfy(\.state.isSettled) else { return .wait }
            // All who worked side by side have ended, so that nothing goes on behind a run that is over.
            let broken = records.first { $0.state != .done && !optional.contains($0.name) }
            if let broken {
                return .finish(.failed, reason: "\(broken.name) \(broken.state.rawValue): \(broken.reason ?? "")")
            }
        }
        return .finish(.done, reason: nil)
    }

    private func isReady(_ step: TeamStepRecord, _ now: Date) -> Bool {
        switch step.state {
        case .pending: step.notBefore.map { $0 <= now } ?? true
        case .running: step.leasedUntil.map { $0 < now } ?? true
        default: false
        }
    }
}
