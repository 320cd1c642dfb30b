import Yams

extension AgentFileReader {
    /// Outcomes that no tool stands for: nothing was done, and a message was left on a machine.
    private static let otherOutcomes: Set<String> = ["none", "message_left"]

    /// `after_call`: what is written down of a call when it is over.
    ///
    /// - Parameter tools: the agent's, which a call's outcome is one of.
    mutating func afterCall(_ node: Node?, tools: Set<String>) -> AfterCallPlan? {
        guard let node else { return nil }
        let fields = fields(node, of: "`after_call`", keys: ["summary", "dispositions", "extract", "model"])
        if node.mapping?.isEmpty ?? false {
            fault(node, "`after_call` is empty; give it a `summary`, `dispositions` or `extract`, or leave it out")
        }
        var plan = AfterCallPlan(dispositions: AfterCallPlan.usualDispositions)
        plan.summarises = flag(fields["summary"], "`summary` of `after_call`") ?? false
        if let list = fields["dispositions"] { plan.dispositions = dispositions(list, tools: tools) }
        plan.fields = extractedFields(fields["extract"])
        plan.model = fields["model"].map {
            judgeSettings($0, "`model` of `after_call`", standard: JudgeSettings(provider: "", attempts: 2))
        }
        return plan
    }

    private mutating func dispositions(_ list: Node, tools: Set<String>) -> [AfterCallPlan.Disposition] {
        let elements = elements(list, "`dispositions`")
        if list.sequence?.isEmpty ?? false {
            fault(list, "`dispositions` is empty; name at least two, or leave it out for the usual ones")
        }
        if elements.count > AfterCallPlan.mostDispositions {
            fault(
                list, "`dispositions` has \(elements.count) elements; \(AfterCallPlan.mostDispositions) at most")
        }
        var dispositions: [AfterCallPlan.Disposition] = []
        for element in elements {
            let fields = fields(
                element, of: "a disposition", keys: ["name", "description", "when"], required: ["name"])
            guard let name = text(fields["name"], "`name` of a disposition") else { continue }
            checkName(name, fields["name"])
            if dispositions.contains(where: { $0.name == name }) {
                fault(element, "the disposition `\(name)` is there twice; rename one of the two")
            }
            var disposition = AfterCallPlan.Disposition(
                name, summary: text(fields["description"], "`description` of `\(name)`") ?? "")
            let rule = self.fields(fields["when"], of: "`when` of `\(name)`", keys: ["outcome", "resolution"])
            if let when = fields["when"], when.mapping?.isEmpty ?? false {
                fault(when, "`when` of `\(name)` is empty; leave it out where the name is the outcome")
            }
            for (place, outcome) in texts(rule["outcome"], "`outcome` of `when`") {
                checkOutcome(outcome, place, tools)
                disposition.outcomes.insert(outcome)
            }
            disposition.resolutions = Set(
                texts(rule["resolution"], "`resolution` of `when`").map(\.text).filter {
                    known($0, rule["resolution"] ?? element)
                })
            dispositions.append(disposition)
        }
        return dispositions
    }

    private mutating func extractedFields(_ node: Node?) -> [ExtractedField] {
        let members = members(node, of: "`extract`")
        if let node, node.mapping?.isEmpty ?? false {
            fault(node, "`extract` is empty; name at least one value, or leave it out")
        }
        if members.count > AfterCallPlan.mostFields {
            fault(node, "`extract` has \(members.count) values; \(AfterCallPlan.mostFields) at most")
        }
        return members.map { key, name, value in
            checkName(name, key)
            // Its evidence stands under this name.
            if name == "disposition" { fault(key, "a value cannot be called `disposition`; rename it") }
            let fields = fields(
                value, of: "the value `\(name)`", keys: ["type", "description", "required", "values"],
                required: ["type"])
            var field = ExtractedField(
                name, choice(fields["type"], "`type` of `\(name)`", as: ExtractedField.Kind.self) ?? .string,
                summary: text(fields["description"], "`description` of `\(name)`") ?? "",
                isRequired: flag(fields["required"], "`required` of `\(name)`") ?? false)
            if field.kind == .enum, fields["values"] == nil {
                fault(value, "`\(name)` is an enum and lacks `values`; list what it may be")
            } else if let place = fields["values"], field.kind != .enum {
                fault(place, "`values` goes with `type: enum` only")
            }
            for (place, text) in texts(fields["values"], "`values` of `\(name)`") {
                if field.values.contains(where: { $0.lowercased() == text.lowercased() }) {
                    fault(place, "`\(text)` is twice among the values of `\(name)`")
                }
                field.values.append(text)
            }
            return field
        }
    }

    private mutating func checkOutcome(_ outcome: String, _ node: Node, _ tools: Set<String>) {
        let known = tools.union(Self.ownActs).union(Self.otherOutcomes)
        guard !known.contains(outcome) else { return }
        let hint =
            Self.nearest(to: outcome, among: known).map { "did you mean `\($0)`?" }
            ?? "it is one of the agent's tools, none or message_left"
        fault(node, "no call has the outcome `\(outcome)`; \(hint)")
    }

    private mutating func checkName(_ name: String, _ node: Node?) {
        if !name.allSatisfy({ $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "_") }) {
            fault(node, "the name `\(name)` may have small letters, figures and _ only")
        }
    }
}
