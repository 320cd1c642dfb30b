import Yams

extension AgentFileReader {
    /// The steps before and after a call.
    mutating func team(_ node: Node?, of agent: String) -> TeamPlan {
        guard let node else { return TeamPlan() }
        let fields = fields(node, of: "`team`", keys: ["before", "after"])
        if fields.isEmpty { fault(node, "`team` has neither `before` nor `after`; give one of them") }
        var names: Set<String> = [TeamPlan.call]
        // Until the call is over there is nothing to tell of it.
        let before = stages(
            fields["before"], "`before`", agent, known: TeamPlan.fromCall.subtracting(["number"]), &names)
        let after = stages(fields["after"], "`after`", agent, known: [], &names)
        let plan = TeamPlan(before: before, after: after)
        faultLaterReports(plan, fields)
        return plan
    }

    /// A report can be named by the stages after its own.
    private mutating func faultLaterReports(_ plan: TeamPlan, _ fields: [String: Node]) {
        var later = Set(plan.steps.map(\.name))
        for (index, stage) in (plan.before + plan.after).enumerated() {
            later.subtract(stage.map(\.name))
            let key = index < plan.before.count ? "before" : "after"
            for step in stage {
                for name in step.needs where later.contains(name) {
                    fault(
                        fields[key],
                        "the step `\(step.name)` needs {\(name)}, which is reported later; put it after that")
                }
            }
        }
    }

    /// - Parameter known: values that are not there yet.
    private mutating func stages(
        _ node: Node?, _ subject: String, _ agent: String, known missing: Set<String>, _ names: inout Set<String>
    ) -> [[TeamStep]] {
        var stages: [[TeamStep]] = []
        for element in elements(node, subject) {
            var nodes = [element]
            if let parallel = element.mapping?["parallel"] {
                _ = fields(element, of: "a stage of \(subject)", keys: ["parallel"])
                nodes = elements(parallel, "`parallel`")
            }
            var stage: [TeamStep] = []
            let later = names
            for node in nodes {
                guard let step = step(node, agent) else { continue }
                if !names.insert(step.name).inserted {
                    fault(node, "the step `\(step.name)` is there twice, or has the name of the call; rename it")
                }
                for name in step.needs where missing.contains(name) {
                    fault(node, "the step `\(step.name)` needs {\(name)}, which only a call that is over has")
                }
                stage.append(step)
            }
            let siblings = Set(stage.map(\.name)).subtracting(later)
            for step in stage {
                for name in step.needs where siblings.contains(name) {
                    fault(element, "the step `\(step.name)` needs {\(name)}, which is done side by side with it")
                }
            }
            if !stage.isEmpty { stages.append(stage) }
        }
        return stages
    }

    private mutating func step(_ node: Node, _ agent: String) -> TeamStep? {
        let keys: Set<String> = ["step", "agent", "goal", "min_confidence", "review", "review_hours", "optional"]
        let fields = fields(node, of: "a step of `team`", keys: keys, required: ["step", "goal"])
        guard let name = text(fields["step"], "`step`"), let goal = text(fields["goal"], "`goal`"),
            let goalNode = fields["goal"]
        else { return nil }
        if !name.allSatisfy({ $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "_") }) {
            fault(fields["step"], "`step` is `\(name)` but may have small letters, figures and _ only")
        }
        _ = template(goalNode, goal)
        let review = choice(fields["review"], "`review`", as: TeamStep.Review.self) ?? .below
        if review == .never, let hours = fields["review_hours"] {
            fault(hours, "`review_hours` does nothing with `review: never`")
        }
        return TeamStep(
            name: name, agent: text(fields["agent"], "`agent`") ?? agent, goal: goal,
            minConfidence: number(fields["min_confidence"], "`min_confidence`", in: 0...1) ?? 0.5, review: review,
            reviewHours: number(fields["review_hours"], "`review_hours`", in: 0.01...720) ?? 24,
            isOptional: flag(fields["optional"], "`optional`") ?? false)
    }
}
