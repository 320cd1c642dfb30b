package import Agent

extension TurnDetector {
    /// A patient agent talks through sounds of half a second (a cough, "mm-hm", a door), which the detector knows to be over
    /// 140 ms later.
    private static let patience = Duration.milliseconds(660)

    /// These rules as an agent has them that is more or less ready to be interrupted.
    package func adapted(to profile: BargeInPolicy.Profile) -> TurnDetector {
        var rules = self
        switch profile {
        case .usual: break
        case .eager:
            rules.interruptAfter = interruptAfter / 2
            rules.interruptWithoutWordsAfter = interruptWithoutWordsAfter / 2
        case .patient:
            rules.holdAfter = Self.patience
            rules.interruptWithoutWordsAfter = interruptWithoutWordsAfter * 2
        }
        return rules
    }
}
