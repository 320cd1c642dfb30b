import Yams

extension AgentFileReader {
    /// `recording: ask`, or a mapping of it and its words; `none`, like nothing at all, records without a word.
    mutating func recording(_ node: Node?, language: SpokenLanguage) -> RecordingPolicy? {
        guard let node else { return nil }
        guard node.mapping != nil else {
            return consent(node, "`recording`").map { RecordingPolicy($0, language: language) }
        }
        let fields = fields(
            node, of: "`recording`",
            keys: [
                "consent", "say", "again", "agreed", "refused", "stopped", "on_withdrawal", "agree_key", "refuse_key",
            ], required: ["consent"])
        guard let consent = consent(fields["consent"], "`consent` of `recording`") else {
            for key in fields.keys.sorted() where key != "consent" {
                fault(fields[key], "`\(key)` of `recording` does nothing without `consent: announce` or `consent: ask`")
            }
            return nil
        }
        var policy = RecordingPolicy(consent, language: language)
        policy.say = text(fields["say"], "`say` of `recording`") ?? policy.say
        policy.stopped = text(fields["stopped"], "`stopped` of `recording`") ?? policy.stopped
        policy.withdrawal =
            choice(fields["on_withdrawal"], "`on_withdrawal` of `recording`", as: RecordingPolicy.Withdrawal.self)
            ?? policy.withdrawal
        if consent == .announce {
            for key in ["again", "agreed", "refused", "agree_key", "refuse_key"] where fields[key] != nil {
                fault(fields[key], "`\(key)` of `recording` does nothing without `consent: ask`")
            }
            return policy
        }
        policy.again = text(fields["again"], "`again` of `recording`") ?? policy.again
        policy.agreed = text(fields["agreed"], "`agreed` of `recording`") ?? policy.agreed
        policy.refused = text(fields["refused"], "`refused` of `recording`") ?? policy.refused
        policy.agreeKey = key(fields["agree_key"], "`agree_key`") ?? policy.agreeKey
        policy.refuseKey = key(fields["refuse_key"], "`refuse_key`") ?? policy.refuseKey
        if policy.agreeKey == policy.refuseKey {
            fault(node, "`agree_key` and `refuse_key` of `recording` are both `\(policy.agreeKey)`")
        }
        return policy
    }

    private mutating func consent(_ node: Node?, _ what: String) -> RecordingPolicy.Consent? {
        guard let node, let word = text(node, what), word != "none" else { return nil }
        if let consent = RecordingPolicy.Consent(rawValue: word) { return consent }
        fault(node, "\(what) is `\(word)`; it may be none, announce or ask")
        return nil
    }

    private mutating func key(_ node: Node?, _ what: String) -> String? {
        guard let node, let key = text(node, "\(what) of `recording`") else { return nil }
        guard key.count == 1, key.allSatisfy({ "0123456789*#".contains($0) }) else {
            fault(node, "\(what) of `recording` is `\(key)`; it must be one key of a telephone")
            return nil
        }
        return key
    }
}
