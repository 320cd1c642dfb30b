import Yams

extension AgentFileReader {
    /// `grounding: rephrase`, or a mapping of it and what goes with it.
    mutating func grounding(_ node: Node?, tools: Set<String>, language: SpokenLanguage) -> GroundingPolicy {
        var policy = GroundingPolicy()
        policy.instead = UsualSentence.notSure.text(in: language)
        guard let node else { return policy }
        guard node.mapping != nil else {
            policy.action = choice(node, "`grounding`", as: GroundingPolicy.Action.self) ?? policy.action
            if policy.action == .review {
                fault(
                    node,
                    "`grounding: review` needs the tool that tells the caller afterwards; write {action: review, tool: …}"
                )
            }
            return policy
        }
        let fields = fields(
            node, of: "`grounding`", keys: ["action", "instead", "tool", "with", "review_hours"], required: ["action"])
        policy.action = choice(fields["action"], "`action` of `grounding`", as: GroundingPolicy.Action.self) ?? .allow
        if let instead = text(fields["instead"], "`instead` of `grounding`") {
            policy.instead = instead
            if policy.action == .off || policy.action == .allow {
                fault(
                    fields["instead"],
                    "`instead` is said for what is held back, and `action: \(policy.action.rawValue)` holds nothing back"
                )
            }
        }
        guard policy.action == .review else {
            for key in ["tool", "with", "review_hours"] where fields[key] != nil {
                fault(fields[key], "`\(key)` of `grounding` does nothing without `action: review`")
            }
            return policy
        }
        policy.tool = text(fields["tool"], "`tool` of `grounding`") ?? ""
        if fields["tool"] == nil {
            fault(
                node, "`grounding` with `action: review` lacks `tool`: what tells the caller once a person has approved"
            )
        } else if !tools.contains(policy.tool) {
            let hint =
                Self.nearest(to: policy.tool, among: tools).map { "did you mean `\($0)`?" } ?? "list it in `tools`"
            fault(fields["tool"], "unknown tool `\(policy.tool)`; \(hint)")
        }
        for (_, argument, value) in members(fields["with"], of: "`with` of `grounding`") {
            guard let text = text(value, "the argument \(argument)"), let template = template(value, text) else {
                continue
            }
            for reference in template.references
            where !["sentence", "statement", "caller"].contains(reference.path.joined(separator: ".")) {
                fault(
                    value,
                    "unknown value {\(reference.path.joined(separator: "."))}; known are: sentence, statement, caller")
            }
            policy.arguments[argument] = template
        }
        if let hours = number(fields["review_hours"], "`review_hours` of `grounding`", in: 0.01...720) {
            policy.reviewExpiry = .milliseconds(Int64(hours * 3_600_000))
        }
        return policy
    }
}
