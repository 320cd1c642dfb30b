/// Rules about what was said.
extension ScorecardRule {
    /// Where a phrase stands in a text, by its words; in order.
    private static func phrase(_ phrases: [String], in text: String) -> String? {
        let line = SpokenText.words(text)
        return phrases.first { QuotedWords.contains(SpokenText.words($0), in: line) }
    }

    static func said(_ phrases: [String], within limit: Int?, on call: ScoredCall) -> Result {
        let turns = call.agentTurns
        guard !turns.isEmpty else { return .notApplicable("the agent said nothing that was heard") }
        var numbers: [Int] = []
        for turn in turns {
            if !numbers.contains(turn.number) { numbers.append(turn.number) }
            if let limit, numbers.count > limit { break }
            if let phrase = phrase(phrases, in: turn.text) {
                return .pass("said “\(phrase)”", [ScorecardVerdict.Evidence(turn)])
            }
        }
        let place = limit.map { " in its first \($0 == 1 ? "turn" : "\($0) turns")" } ?? ""
        return .fail(
            "the agent did not say \(list(phrases))\(place)", turns.prefix(1).map { ScorecardVerdict.Evidence($0) })
    }

    static func neverSaid(_ phrases: [String], on call: ScoredCall) -> Result {
        let turns = call.agentTurns
        guard !turns.isEmpty else { return .notApplicable("the agent said nothing that was heard") }
        let found = turns.filter { phrase(phrases, in: $0.text) != nil }
        return found.isEmpty
            ? .pass("the agent said none of it")
            : .fail(
                "the agent said \(list(Set(found.compactMap { phrase(phrases, in: $0.text) }).sorted()))",
                found.prefix(mostEvidence).map { ScorecardVerdict.Evidence($0) })
    }

    private static func list(_ phrases: [String]) -> String {
        let shown = phrases.prefix(3).map { "“\($0)”" }.joined(separator: " or ")
        return phrases.count > 3 ? "\(shown) or \(phrases.count - 3) more" : shown
    }

    static func asked(for slot: String, by questions: [String], on call: ScoredCall) -> Result {
        guard !call.agentTurns.isEmpty else { return .notApplicable("the agent said nothing that was heard") }
        for turn in call.turns {
            switch turn.speaker {
            case .agent where phrase(questions, in: turn.text) != nil:
                return .pass("asked for \(slot)", [ScorecardVerdict.Evidence(turn)])
            case .caller where turn.entities[slot] != nil:
                return .notApplicable("the caller told \(slot) unasked, in turn \(turn.number)")
            default: continue
            }
        }
        return .fail("the agent never asked for \(slot)")
    }

    static func filled(_ slot: String, on call: ScoredCall) -> Result {
        guard !call.callerTurns.isEmpty else { return .notApplicable("the caller said nothing") }
        if let turn = call.callerTurns.last(where: { $0.entities[slot].map { !$0.isEmpty } ?? false }) {
            return .pass("\(slot) is “\(turn.entities[slot] ?? "")”", [ScorecardVerdict.Evidence(turn)])
        }
        for tool in call.tools {
            guard let value = tool.arguments[slot], value != .null, value != "" else { continue }
            let evidence = ScorecardVerdict.Evidence(turn: tool.turn, quote: "\(tool.name) \(slot): \(value.text)")
            return .pass("\(tool.name) was given \(slot)", [evidence])
        }
        return .fail("nobody told \(slot)")
    }

    static func readBack(_ name: String, _ wanted: [String], on call: ScoredCall) -> Result {
        guard call.language == "en" else { return .notApplicable("read-backs are known in English only") }
        let done = call.tools.filter { $0.name == name && $0.succeeded == true }
        guard !done.isEmpty else { return .notApplicable("\(name) did nothing on this call") }
        var evidence: [ScorecardVerdict.Evidence] = []
        for tool in done {
            // What was masked cannot be told from what was said.
            let arguments = tool.arguments.toReadBack(wanted)
            guard !ReadBack.isEmpty(arguments) else {
                return .notApplicable("\(name) took nothing that could be read back")
            }
            let before = call.turns.filter { $0.started <= tool.started }
            guard
                let index = before.lastIndex(where: {
                    $0.speaker == .agent && ReadBack.isQuestion($0.text)
                        && ReadBack.missing(arguments, in: $0.text).isEmpty
                })
            else { return .fail("\(name) was done without its arguments being read back", evidence) }
            evidence.append(ScorecardVerdict.Evidence(before[index]))
            guard let answer = before[(index + 1)...].first(where: { $0.speaker == .caller && !$0.text.isEmpty }),
                answer.intent == "yes" || Agreement.isIn(answer.text)
            else { return .fail("\(name) was done though the caller had not agreed", evidence) }
            evidence.append(ScorecardVerdict.Evidence(answer))
        }
        return .pass("read back and agreed to", Array(evidence.prefix(mostEvidence)))
    }

    static func promises(on call: ScoredCall) -> Result {
        guard call.language == "en" else { return .notApplicable("promises are known in English only") }
        var kept: [ScorecardVerdict.Evidence] = []
        var broken: [ScorecardVerdict.Evidence] = []
        for turn in call.agentTurns {
            let end = turn.ended ?? .max
            let done = call.tools.filter { $0.succeeded == true && ($0.finished ?? $0.started) <= end }
            let check = PromiseCheck(acting: call.actingTools, done: Set(done.map(\.name)))
            for sentence in Sentences.split(turn.text) where PromiseCheck.claim(in: sentence) != nil {
                let evidence = ScorecardVerdict.Evidence(turn, quote: sentence)
                if check.unsupportedClaim(in: sentence) == nil {
                    kept.append(evidence)
                } else {
                    broken.append(evidence)
                }
            }
        }
        if !broken.isEmpty {
            return .fail("the agent said that something was done that was not", Array(broken.prefix(mostEvidence)))
        }
        guard !kept.isEmpty else { return .notApplicable("the agent did not say that anything was done") }
        return .pass("what it said was done had been done", Array(kept.prefix(mostEvidence)))
    }
}

extension JSONValue {
    /// A tool's arguments without the ids of records, which say nothing to a caller, and without what was masked.
    ///
    /// - Parameter names: those that matter; empty for all.
    fileprivate func toReadBack(_ names: [String]) -> JSONValue {
        guard let members = object else { return withoutMasked }
        return .object(
            members.filter { name, _ in
                names.isEmpty ? name != "id" && !name.hasSuffix("_id") : names.contains(name)
            }
        ).withoutMasked
    }

    /// Without the texts in which something was masked.
    fileprivate var withoutMasked: JSONValue {
        switch self {
        case .string(let text) where text.contains("•"): .null
        case .array(let elements): .array(elements.map(\.withoutMasked))
        case .object(let members): .object(members.mapValues(\.withoutMasked))
        default: self
        }
    }
}
