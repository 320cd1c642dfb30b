import Yams

/// The steps of `escalation` that talk with the caller themselves.
extension AgentFileReader {
    private static let holdTexts: [UsualSentence] = [.placeAndWait, .place, .holding]

    /// `tool_wait`: what callers hear while a tool works.
    mutating func toolWait(_ node: Node?) -> ToolWait? {
        guard let node else { return nil }
        let fields = fields(node, of: "`tool_wait`", keys: ["after", "say"], required: ["say"])
        return ToolWait(
            after: seconds(fields["after"], "`after` of `tool_wait`", in: 0.5...20) ?? .seconds(2),
            say: texts(fields["say"], "`say` of `tool_wait`").map(\.text))
    }

    mutating func queueStep(_ node: Node?, say: String, _ language: SpokenLanguage) -> QueueStep? {
        let fields = fields(
            node, of: "`queue`", keys: ["to", "hold", "every", "longest", "connecting"], required: ["to"])
        let hold = texts(fields["hold"], "`hold` of `queue`")
        let step = QueueStep(
            destination: text(fields["to"], "`to` of `queue`") ?? "", say: say,
            hold: hold.isEmpty
                ? Self.holdTexts.compactMap { try? Template($0.text(in: language)) }
                : hold.compactMap { template($0.node, $0.text, of: ["position", "wait"]) },
            every: seconds(fields["every"], "`every` of `queue`", in: 5...120) ?? .seconds(20),
            longest: seconds(fields["longest"], "`longest` of `queue`", in: 10...3600) ?? .seconds(300),
            connecting: text(fields["connecting"], "`connecting` of `queue`")
                ?? UsualSentence.connecting.text(in: language))
        if step.longest < step.every {
            fault(fields["longest"] ?? node, "`longest` of `queue` must not be shorter than `every`")
        }
        return step.destination.isEmpty ? nil : step
    }

    /// The people that the steps of a path are asked before a caller is put through to them, by destination.
    mutating func warmTransfers(_ path: Node?, language: SpokenLanguage) -> [String: WarmTransfer] {
        var found: [String: WarmTransfer] = [:]
        var cold: Set<String> = []
        // What is wrong with the steps themselves has been said.
        for element in path?.sequence ?? [] {
            let step = element.mapping
            guard let destination = (step?["transfer"] ?? step?["queue"]?.mapping?["to"])?.string else { continue }
            guard let node = step?["warm"], let warm = warmTransfer(node, to: destination, language) else {
                cold.insert(destination)
                continue
            }
            if let other = found[destination], other != warm {
                fault(node, "`\(destination)` is asked in two ways; let `warm` be the same in all its steps")
            }
            found[destination] = warm
        }
        if let both = found.keys.sorted().first(where: cold.contains) {
            fault(path, "one step of `escalation` asks `\(both)` first and another does not; write `warm` in both")
        }
        return found
    }

    /// Nil for `warm: false`.
    private mutating func warmTransfer(
        _ node: Node, to destination: String, _ language: SpokenLanguage
    ) -> WarmTransfer? {
        var warm = WarmTransfer(language: language)
        warm.hold = [WarmTransfer.usualHold(for: Self.name(of: destination), language: language)]
        guard node.mapping != nil else { return flag(node, "`warm`") == true ? warm : nil }
        let fields = fields(
            node, of: "`warm`",
            keys: [
                "brief", "accept", "ring", "decide", "hold", "deciding", "who", "every", "music", "introduction",
                "gone",
            ])
        if let brief = fields["brief"], let text = text(brief, "`brief` of `warm`"),
            template(brief, text, of: ["reason", "said", "number"]) != nil
        {
            warm.brief = text
        }
        if let key = text(fields["accept"], "`accept` of `warm`") {
            if key.count == 1, key.allSatisfy({ "0123456789*#".contains($0) }) {
                warm.acceptKey = key
            } else {
                fault(fields["accept"], "`accept` of `warm` is `\(key)` but must be one key: 0 to 9, * or #")
            }
        }
        warm.ring = integer(fields["ring"], "`ring` of `warm` (seconds)", in: 5...120) ?? warm.ring
        warm.decision = integer(fields["decide"], "`decide` of `warm` (seconds)", in: 10...180) ?? warm.decision
        tell(of: fields, at: destination, language, &warm)
        warm.every = integer(fields["every"], "`every` of `warm` (seconds)", in: 5...120) ?? warm.every
        warm.music = choice(fields["music"], "`music` of `warm`", as: WarmTransfer.Music.self) ?? warm.music
        warm.introduction = introduction(fields["introduction"], language)
        warm.gone = text(fields["gone"], "`gone` of `warm`") ?? warm.gone
        return warm
    }

    /// What a caller is told who holds the line.
    private mutating func tell(
        of fields: [String: Node], at destination: String, _ language: SpokenLanguage, _ warm: inout WarmTransfer
    ) {
        let who =
            text(fields["who"], "`who` of `warm`") ?? Self.name(of: destination)
            ?? UsualSentence.somebody.text(in: language)
        if let node = fields["hold"] {
            warm.hold = sentences(node, "`hold` of `warm`", to: who)
            // In the words, and the language, of the file.
            warm.deciding = []
        } else {
            warm.hold = [WarmTransfer.usualHold(for: who, language: language)]
        }
        if let node = fields["deciding"] { warm.deciding = sentences(node, "`deciding` of `warm`", to: who) }
    }

    private mutating func sentences(_ node: Node, _ subject: String, to who: String) -> [String] {
        texts(node, subject).compactMap { sentence in
            template(sentence.node, sentence.text, of: ["who"])?.render { path in
                path.first == "who" ? .string(who) : nil
            }
        }
    }

    /// Whom a caller hears that they hold for: the place that a step names, and nobody by their number or address.
    private static func name(of destination: String) -> String? {
        guard destination.first?.isLetter == true, !destination.contains(where: { ":@".contains($0) }) else {
            return nil
        }
        return destination.replacing("_", with: " ")
    }

    /// A sentence, or `true` for the usual one.
    private mutating func introduction(_ node: Node?, _ language: SpokenLanguage) -> String? {
        guard let node else { return nil }
        switch node.scalar?.string {
        case "true": return UsualSentence.introduction.text(in: language)
        case "false": return nil
        default: break
        }
        let subject = "`introduction` of `warm`"
        guard let text = text(node, subject), template(node, text, of: ["reason"]) != nil else { return nil }
        guard text.count <= WarmTransfer.longestIntroduction else {
            fault(
                node,
                "\(subject) has \(text.count) characters but must have \(WarmTransfer.longestIntroduction) at most: "
                    + "two people wait for its end")
            return nil
        }
        return text
    }

    mutating func callbackStep(_ node: Node?, say: String, _ language: SpokenLanguage) -> CallbackStep {
        let fields = fields(
            node, of: "`callback`", keys: ["after_minutes", "offer", "ask_number", "confirm", "done", "sorry"],
            required: [])
        let minutes = integer(fields["after_minutes"], "`after_minutes` of `callback`", in: 1...(14 * 24 * 60)) ?? 30
        return CallbackStep(
            say: say,
            offer: text(fields["offer"], "`offer` of `callback`")
                ?? UsualSentence.callbackOffer.text(in: language),
            askNumber: text(fields["ask_number"], "`ask_number` of `callback`")
                ?? UsualSentence.callbackNumber.text(in: language),
            confirm: template(
                fields["confirm"], "`confirm` of `callback`", of: ["number"], needs: "number",
                standard: UsualSentence.callbackConfirm.text(in: language)),
            done: template(
                fields["done"], "`done` of `callback`", of: ["when"], needs: nil,
                standard: UsualSentence.callbackDone.text(in: language)),
            sorry: text(fields["sorry"], "`sorry` of `callback`") ?? UsualSentence.callbackSorry.text(in: language),
            after: .seconds(minutes * 60))
    }

    mutating func voicemailStep(_ node: Node?, say: String, _ language: SpokenLanguage) -> VoicemailStep {
        let fields = fields(
            node, of: "`voicemail`", keys: ["pause", "longest", "done", "sorry"], required: [])
        return VoicemailStep(
            say: say,
            done: text(fields["done"], "`done` of `voicemail`") ?? UsualSentence.messageDone.text(in: language),
            sorry: text(fields["sorry"], "`sorry` of `voicemail`") ?? UsualSentence.messageSorry.text(in: language),
            pause: seconds(fields["pause"], "`pause` of `voicemail`", in: 2...30) ?? .seconds(4),
            longest: seconds(fields["longest"], "`longest` of `voicemail`", in: 10...600) ?? .seconds(120))
    }

    /// A text whose values must be among `names`.
    private mutating func template(_ node: Node, _ text: String, of names: Set<String>) -> Template? {
        guard let template = template(node, text) else { return nil }
        for reference in template.references where !names.contains(reference.path.joined(separator: ".")) {
            fault(
                node,
                "{\(reference.path.joined(separator: "."))} is not known here; known are: \(names.sorted().map { "{\($0)}" }.joined(separator: ", "))"
            )
        }
        return template
    }

    private mutating func template(
        _ node: Node?, _ subject: String, of names: Set<String>, needs: String?, standard: String
    ) -> Template {
        let usual = (try? Template(standard)) ?? Template(plain: standard)
        guard let node, let text = text(node, subject) else { return usual }
        guard let found = template(node, text, of: names) else { return usual }
        if let needs, !found.references.contains(where: { $0.path == [needs] }) {
            fault(node, "\(subject) must name {\(needs)}: the caller has to hear it to agree to it")
        }
        return found
    }
}
