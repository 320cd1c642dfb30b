import Agent

/// Keys of the caller's telephone.
extension Conversation {
    /// Keys are gathered while digits are expected, until `#`, their number or a pause; elsewhere each key is an answer.
    mutating func keyPressed(_ key: String, at position: Int, _ actions: inout [ConversationAction]) {
        guard phase == .open, openingKey(key, at: position, &actions),
            !consentTakesKeys(key, at: position, &actions)
        else { return }
        // Who types on without a pause is not yet at the next question.
        let isTyping = typesUntil.map { position <= $0 } ?? false
        var rules = KeyGroup.Rules(
            length: expectation.longestKeys, pause: settings.keyPause.samples,
            gathers: expectation.kind == .digits || expectation.longestKeys != nil)
        rules.gathers = rules.gathers || isTyping
        // The hash behind a number that was complete without it.
        if isTyping, keys.keys.isEmpty, key == rules.terminator.map({ String($0) }) { return }
        silences = 0
        lapses = 0
        if settings.keysInterrupt { interruptForCaller(at: position, &actions) }
        for key in key {
            if rules.gathers { typesUntil = position + rules.pause }
            switch keys.press(key, at: position, rules) {
            case .complete(let pressed): keysComplete(pressed, at: position, &actions)
            case .waiting(let end):
                deadlines[.silence] = nil
                deadlines[.keys] = end
            }
        }
    }

    mutating func keysComplete(
        _ pressed: String, at position: Int, _ actions: inout [ConversationAction]
    ) {
        deadlines[.keys] = nil
        guard phase == .open, !pressed.isEmpty else { return awaitCallerIfIdle(at: position) }
        // Where keys do not interrupt, an answer still ends what it answers.
        interruptForCaller(at: position, &actions)
        turn += 1
        startReply(.keysPressed(pressed), at: position, &actions)
    }
}
