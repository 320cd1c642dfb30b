import Yams

extension AgentFileReader {
    /// `verification`: what a caller must know.
    mutating func verification(_ node: Node?) -> VerificationPolicy? {
        guard let node else { return nil }
        let fields = fields(node, of: "`verification`", keys: ["facts", "tries"], required: ["facts"])
        var facts: [VerificationPolicy.Fact] = []
        for (key, name, value) in members(fields["facts"], of: "`facts` of `verification`") {
            if name.isEmpty || !name.allSatisfy(\.isNamePart) {
                fault(key, "the name `\(name)` in `verification` may have letters, figures and _ only")
            }
            if let source = source(value, of: name) { facts.append(.init(name: name, source: source)) }
        }
        if let node = fields["facts"], facts.isEmpty {
            fault(node, "`verification` has no `facts`; say what the caller must know, or remove it")
        }
        return VerificationPolicy(
            facts: facts, tries: integer(fields["tries"], "`tries` of `verification`", in: 1...10) ?? 3)
    }

    private mutating func source(_ node: Node, of name: String) -> VerificationPolicy.Source? {
        let subject = "`\(name)` of `verification`"
        let fields = fields(node, of: subject, keys: ["contact_fact", "tool", "with", "field"])
        switch (fields["contact_fact"], fields["tool"]) {
        case (let fact?, nil): return text(fact, "`contact_fact` of \(subject)").map { .contactFact($0) }
        case (nil, let tool?):
            guard let tool = text(tool, "`tool` of \(subject)"),
                let field = text(fields["field"], "`field` of \(subject)")
            else {
                if fields["field"] == nil { fault(node, "\(subject) lacks `field`: where in the tool's result it is") }
                return nil
            }
            var arguments: [String: Template] = [:]
            for (_, argument, value) in members(fields["with"], of: "`with` of \(subject)") {
                if let text = text(value, "the argument `\(argument)`"), let template = template(value, text) {
                    arguments[argument] = template
                }
            }
            return .tool(tool, arguments: arguments, field: field.split(separator: ".").map(String.init))
        default:
            fault(node, "\(subject) needs one of contact_fact and tool")
            return nil
        }
    }

    /// What needs a verified caller must be able to get one, and who knows the answers must not tell the agent.
    mutating func check(
        _ verification: VerificationPolicy?, against policies: [String: ToolPolicy], toolsNode: Node?, node: Node?
    ) {
        let waiting = policies.filter(\.value.needsVerified).keys.sorted()
        guard let verification else {
            for name in waiting {
                fault(toolsNode, "the tool `\(name)` needs a verified caller; say in `verification` how one is")
            }
            if policies[VerifyCallerTool.name] != nil {
                fault(toolsNode, "`\(VerifyCallerTool.name)` checks what `verification` says; add it")
            }
            return
        }
        if policies[VerifyCallerTool.name] == nil {
            fault(
                node,
                "`verification` does nothing without the tool `\(VerifyCallerTool.name)`; add it to `tools` as read")
        }
        if policies[VerifyCallerTool.name]?.needsVerified == true {
            fault(toolsNode, "`\(VerifyCallerTool.name)` cannot need a verified caller itself")
        }
        let note = "contact_note"
        if !verification.contactFacts.isEmpty, let policy = policies[note], !policy.needsVerified {
            fault(
                toolsNode,
                "the tool `\(note)` writes what callers are compared with, so the agent may have it only with `evidence: verified`, or not at all"
            )
        }
        for name in verification.tools.sorted() where policies[name] != nil && policies[name]?.needsVerified != true {
            fault(
                toolsNode,
                "the tool `\(name)` knows what the caller is asked, so the agent may have it only with `evidence: verified`, or not at all"
            )
        }
    }

    /// `evidence`: one kind, or a list of them of which `verified` may be one.
    mutating func evidence(
        _ node: Node?, of subject: String
    ) -> (evidence: ToolPolicy.Evidence?, needsVerified: Bool) {
        var (evidence, needsVerified): (ToolPolicy.Evidence?, Bool) = (nil, false)
        for (element, word) in texts(node, "`evidence` of \(subject)") {
            if word == "verified" {
                needsVerified = true
            } else if evidence != nil {
                fault(
                    element, "`evidence` of \(subject) is one of none, confirmed and approved, and `verified` beside it"
                )
            } else if let found = ToolPolicy.Evidence(rawValue: word) {
                evidence = found
            } else {
                fault(
                    element,
                    "`evidence` of \(subject) is `\(word)` but must be one of: none, confirmed, verified, approved")
            }
        }
        return (evidence, needsVerified)
    }
}
