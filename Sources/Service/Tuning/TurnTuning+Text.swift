extension TurnTuning {
    /// In lines, for people.
    package var text: String {
        var lines = ["\(pauses) pauses of \(calls) calls", "", "present settings", Self.text(present)]
        let limit = DemoPrinter.fixed(mostInterrupted * 100, 1)
        if !proposals.isEmpty {
            lines += [
                "",
                "proposed for each state of a turn: the shortest wait that speaks into no more than \(limit) % of the turns",
            ]
            for proposal in proposals { lines += Self.text(proposal) }
        }
        for (index, profile) in front.enumerated() {
            lines += ["", "profile \(index + 1)\(profile.changes.isEmpty ? ": the present settings" : "")"]
            if !profile.changes.isEmpty {
                lines.append("    turns:")
                lines += profile.changes.sorted { $0.key < $1.key }.map { "      \($0.key): \($0.value)ms" }
            }
            lines.append(Self.text(profile))
        }
        if leftOut > 0 {
            lines += [
                "",
                "\(leftOut) more are left out: they speak into more than \(limit) % of the turns, if not of these calls then of those held out",
            ]
        }
        if present.heldOut == nil {
            lines += ["", "fewer than \(Self.fewestToSplit) calls: nothing was held out, so the figures flatter"]
        }
        return lines.joined(separator: "\n")
    }

    private static func text(_ proposal: TuningProposal) -> [String] {
        let verdict =
            if proposal.proposed != proposal.present {
                "\(proposal.wait): \(proposal.proposed)ms    (now \(proposal.present)ms)"
            } else if proposal.isRefuted {
                "\(proposal.wait) stays at \(proposal.present)ms: the calls held out do not bear out a shorter one"
            } else {
                "\(proposal.wait) stays at \(proposal.present)ms"
            }
        guard proposal.proposed != proposal.present else {
            return ["    \(verdict)", "        \(text(proposal.before))"]
        }
        return [
            "    \(verdict)", "        now   \(text(proposal.before))", "        then  \(text(proposal.after))",
        ]
    }

    private static func text(_ profile: Profile) -> String {
        var lines = ["    searched   \(text(profile.searched))"]
        if let heldOut = profile.heldOut { lines.append("    held out   \(text(heldOut))") }
        for (state, score) in profile.states.sorted(by: { $0.key < $1.key }) {
            lines.append("      \(state): \(text(score))")
        }
        return lines.joined(separator: "\n")
    }

    private static func text(_ score: Score) -> String {
        func percent(_ share: Double) -> String { DemoPrinter.fixed(share * 100, 1) }
        let share = score.cutShare.map {
            "\(percent($0.value)) % [\(percent($0.low)), \(percent($0.high))] of \(score.continued) pauses cut short, "
                + "\(percent(score.interrupted)) % of the turns spoken into"
        }
        return "mean wait \(Int(score.meanWait)) ms after \(score.finished) turns; \(share ?? "no pause went on")"
    }
}
