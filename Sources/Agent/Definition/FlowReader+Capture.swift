import Yams

/// Slots that a capture block fills: one line is enough, and every text can be the author's own.
extension FlowReader {
    static let captureKeys: Set<String> = ["capture", "parts", "tries", "read_back", "youngest", "oldest"]
    /// What the block decides by itself.
    private static let otherKeys = ["type", "ask_last_name", "invalid", "minimum", "maximum", "preceded_by", "values"]

    mutating func readCapture(_ fields: [String: Node], of name: String, node: Node) -> FlowSlot {
        let subject = "the slot \(name)"
        for key in Self.otherKeys {
            if let other = fields[key] {
                reader.fault(other, "\(subject) has a capture block, which decides about `\(key)`; remove it")
            }
        }
        let kind = reader.choice(fields["capture"], "`capture` of \(subject)", as: CaptureBlock.Kind.self) ?? .name
        if region == nil {
            reader.fault(fields["capture"], "capture blocks speak English; set `language: en-US` or `en-GB`")
        }
        var block = CaptureBlock(kind, region: region ?? .us)
        block.parts = readParts(fields["parts"], of: subject, kind: kind) ?? block.parts
        block.tries = reader.integer(fields["tries"], "`tries` of \(subject)", in: 1...10) ?? block.tries
        block.readsBack = reader.flag(fields["read_back"], "`read_back` of \(subject)") ?? block.readsBack
        readAges(fields, of: subject, into: &block)
        let ask = templates(fields["ask"], "`ask` of \(subject)")
        let hint = templates(fields["hint"], "`hint` of \(subject)").first
        let called = reader.texts(fields["called"], "`called` of \(subject)").map { $0.text.lowercased() }
        return FlowSlot(
            name: name, kind: block.slotKind, ask: ask.isEmpty ? [Self.template(block.ask)] : ask,
            again: templates(fields["again"], "`again` of \(subject)"), hint: hint ?? Self.template(block.hint),
            askLastName: nil, invalid: nil, range: nil, precededBy: [],
            called: called.isEmpty ? block.called : Set(called),
            answers: reader.texts(fields["answers"], "`answers` of \(subject)").map(\.text), capture: block)
    }

    private mutating func readParts(
        _ node: Node?, of subject: String, kind: CaptureBlock.Kind
    ) -> [CaptureBlock.Part]? {
        guard let node else { return nil }
        let known: [CaptureBlock.Part]
        switch kind {
        case .address: known = CaptureBlock.addressParts
        case .card: known = CaptureBlock.cardParts
        default:
            reader.fault(node, "`parts` belong to an address or a card; \(subject) captures a \(kind.rawValue)")
            return nil
        }
        var named: Set<CaptureBlock.Part> = []
        for (element, text) in reader.texts(node, "`parts` of \(subject)") {
            guard let part = CaptureBlock.Part(rawValue: text), known.contains(part) else {
                let list = known.map(\.rawValue).joined(separator: ", ")
                reader.fault(element, "\(subject) has no part `\(text)`; a \(kind.rawValue) has: \(list)")
                continue
            }
            if !named.insert(part).inserted { reader.fault(element, "`parts` of \(subject) names `\(text)` twice") }
        }
        if kind == .card, !named.contains(.number) {
            reader.fault(node, "`parts` of \(subject) lacks `number`: without it there is no card")
        }
        // In the order in which people say them, whatever the author's.
        return known.filter(named.contains)
    }

    private mutating func readAges(_ fields: [String: Node], of subject: String, into block: inout CaptureBlock) {
        for key in ["youngest", "oldest"] where block.kind != .dateOfBirth && fields[key] != nil {
            reader.fault(fields[key], "`\(key)` belongs to a date_of_birth; remove it from \(subject)")
        }
        let youngest =
            reader.integer(fields["youngest"], "`youngest` of \(subject)", in: 0...150) ?? block.ages.lowerBound
        let oldest = reader.integer(fields["oldest"], "`oldest` of \(subject)", in: 0...150) ?? block.ages.upperBound
        guard youngest <= oldest else {
            reader.fault(fields["youngest"] ?? fields["oldest"], "`youngest` of \(subject) is above its `oldest`")
            return
        }
        block.ages = youngest...oldest
    }

    /// A text of our own, which has no values in it.
    private static func template(_ text: String) -> Template { (try? Template(text)) ?? .empty }

    /// What is for a tool alone may stand nowhere else, and not with a tool whose calls are kept for a person to look at.
    mutating func checkSecrets() {
        // By what the check is given, whatever the slot is called.
        let proofs = self.proofs.union(
            givenPaths.filter { $0.tool == VerifyCallerTool.name }.compactMap(\.path.first).filter {
                slots[$0] != nil
            })
        func isSecret(_ path: [String]) -> Bool {
            path.first.map(proofs.contains) == true
                || path.first.flatMap { slots[$0]?.capture?.isWithheld } == true
                    && path.count > 1 && CaptureBlock.secrets.contains(path[1])
        }
        for name in proofs.sorted() where slots[name]?.capture?.readsBack == true {
            reader.fault(
                slotNodes[name],
                "the caller proves themselves with {\(name)}, and a read-back would be written down; set `read_back: false`"
            )
        }
        for (path, node, _) in usedPaths where isSecret(path) {
            guard
                !givenPaths.contains(where: {
                    $0.path == path && $0.node.mark?.line == node.mark?.line
                        && $0.node.mark?.column == node.mark?.column
                })
            else { continue }
            reader.fault(
                node,
                "{\(path.joined(separator: "."))} is for a tool alone; give it in `with` of a `call`, and say {\(path[0])}"
            )
        }
        for (path, node, tool) in givenPaths
        where path.first.map(proofs.contains) == true && tool != VerifyCallerTool.name {
            reader.fault(
                node,
                "the caller proves themselves with {\(path[0])}, and what `\(tool)` is given is written down; give it to `\(VerifyCallerTool.name)` alone"
            )
        }
        for (path, node, tool) in givenPaths where isSecret(path) && reviewed.contains(tool) {
            reader.fault(
                node,
                "the tool `\(tool)` waits for a person's approval, and what waits is kept; {\(path.joined(separator: "."))} may not be"
            )
        }
    }
}

extension CaptureBlock {
    /// Kinds that are heard elsewhere in the flow too keep their type, so that callers can say them before they are asked.
    fileprivate var slotKind: FlowSlot.Kind {
        switch kind {
        case .name: .name
        case .phone: .phone
        case .email: .email
        case .dateOfBirth, .address, .card: .captured
        }
    }
}
