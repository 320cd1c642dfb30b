/// What is done with a turn that was understood, and with keys.
extension FlowEngine {
    /// Does what the caller wants, once it is understood.
    mutating func follow(_ said: Wish) {
        let (intent, entities, words) = (said.intent, said.entities, said.words)
        if intent == "repeat" {
            repeatLast()
            return
        }
        if case .open(let ask) = waiting, let target = ask.routes[intent] { return proceed(to: target) }
        let isOpen = if case .open = waiting { true } else { false }
        if let target = flow.routes[intent], let state = flow.states[target] {
            if state.isDigression {
                misses = 0
                digress(to: target, isOpen: isOpen)
                return
            }
            // "I'd like to book for friday" in the middle of a booking is an answer, not a new task.
            if isOpen || frames.first?.task != intent {
                misses = 0
                forget(state.fresh)
                forget(abandonedSecrets(for: state))
                frames = [Frame(state: target, task: intent)]
                _ = assign(entities, words: words)
                run()
                return
            }
        }
        answer(intent, entities: entities, words: words)
    }

    private mutating func digress(to state: String, isOpen: Bool) {
        let interrupted = question?.text
        // A digression within a digression replaces it.
        if frames.count > 1 { frames.removeLast() }
        frames.append(Frame(state: state))
        digressionBack = isOpen || interrupted == nil ? nil : variation(of: flow.phrases.back)
        run()
    }

    private mutating func answer(_ intent: String, entities: [Entity], words: [String]) {
        let before = waiting
        let changed = assign(entities, words: words)
        if changed.isInvalid {
            misses = 0
            run()
            return
        }
        switch before {
        case .open(let ask):
            let target = intent == "yes" ? ask.yes : intent == "no" ? ask.no : nil
            if let target {
                proceed(to: target)
            } else if let state = ask.value, begins(state, with: entities, words: words) {
                proceed()
            } else {
                // In the task's words, but nothing that can be done here: say what can.
                misses += 1
                if misses > agent.thresholds.maxReasks {
                    escalate(reason: UsualSentence.reasonNothingToDo.text(in: .english))
                } else {
                    say(question?.hint ?? question?.text ?? "")
                }
            }
        case .confirm(let confirm, let fingerprint, let isChanging):
            if !changed.slots.isEmpty {
                proceed()
            } else if intent == "yes", !isChanging {
                if isReadBackUnheard {
                    proceed()
                } else {
                    frame.confirmed.insert(fingerprint)
                    proceed()
                }
            } else if intent == "no" || intent == "correction" {
                reconsider(confirm, fingerprint: fingerprint, isChanging: isChanging, words: words)
            } else {
                miss(1, apologising: false)
            }
        case .slot(let name, let offers, let no):
            if let kind = flow.slots[name]?.kind, kind == .yesNo, intent == "yes" || intent == "no" {
                slots[name] = .string(intent)
                proceed()
            } else if !changed.slots.isEmpty || changed.hasPartialName {
                proceed()
            } else if let chosen = Self.ordinal(in: words, among: offers) {
                slots[name] = chosen
                proceed()
            } else if intent == "no", let no {
                proceed(to: no)
            } else {
                miss(1, apologising: false)
            }
        case .capture:
            if changed.slots.isEmpty { miss(1, apologising: false) } else { proceed() }
        case .pick(let pick, let items):
            if let chosen = Self.ordinal(in: words, among: items) {
                frame.memo["pick:\(pick.variable)"] = chosen
                proceed()
            } else if !changed.slots.isEmpty {
                proceed()
            } else if intent == "no", let no = pick.no {
                proceed(to: no)
            } else {
                miss(1, apologising: false)
            }
        case .nothing, .tool:
            // The reply that would have asked was abandoned; go on from what is known.
            proceed()
        }
    }

    /// Begins the task that a bare value can only mean; false when there is none that it fits.
    private mutating func begins(_ state: String, with entities: [Entity], words: [String]) -> Bool {
        let asked = flow.states[state]?.slots.compactMap { flow.slots[$0] } ?? []
        guard entities.contains(where: { entity in asked.contains { $0.accepts(entity.kind) } }) else { return false }
        forget(flow.states[state]?.fresh ?? [])
        if let next = flow.states[state] { forget(abandonedSecrets(for: next)) }
        frames = [Frame(state: state, task: flow.routes.first { $0.value == state }?.key)]
        _ = assign(entities, words: words)
        return true
    }

    private mutating func proceed(to state: String? = nil) {
        misses = 0
        if let state { enter(state) }
        run()
    }

    /// The caller did not agree to a read-back.
    private mutating func reconsider(
        _ confirm: FlowStepDefinition.Confirm, fingerprint: String, isChanging: Bool, words: [String]
    ) {
        // "No, a different day": forget the day and ask for it.
        let named = flow.states[frame.state]?.slots.filter { name in
            flow.slots[name].map { slot in words.contains(where: slot.called.contains) } ?? false
        }
        if let named, !named.isEmpty {
            forget(named)
            proceed()
        } else if let change = confirm.change, !isChanging {
            misses = 0
            pose(render(change), again: [change], hint: nil, Expectation(kind: .open, context: Flow.confirmContext))
            waiting = .confirm(confirm, fingerprint: fingerprint, isChanging: true)
        } else {
            proceed(to: confirm.no)
        }
    }

    /// Telephone keys: digits where digits are asked for, 1 and 2 for yes and no, 0 for a person.
    mutating func press(_ keys: String) {
        if let wish {
            self.wish = nil
            switch keys {
            case "1": return follow(wish)
            case "2": return askAnew()
            default: break
            }
        }
        switch waiting {
        case .capture(let name) where pressCapture(name, keys): break
        case .slot(let name, _, _) where flow.slots[name]?.entity == .digits || flow.slots[name]?.entity == .number:
            let digits = keys.filter(\.isNumber)
            let kind = flow.slots[name]?.entity ?? .digits
            guard !digits.isEmpty else { return miss(1) }
            answer("inform", entities: [Entity(kind: kind, value: digits, range: 0..<0)], words: [])
        // Whoever types a number once more, or another one, over its read-back.
        case .confirm where keys.count > 1 && slotOfKeys != nil: retype(keys.filter(\.isNumber))
        case .confirm where keys == "1": answer("yes", entities: [], words: [])
        case .confirm where keys == "2": answer("no", entities: [], words: [])
        case _ where keys == "0": escalate(reason: UsualSentence.reasonPressedZero.text(in: .english))
        default: miss(1)
        }
    }

    /// The slot of the present state that is filled by typing.
    private var slotOfKeys: String? {
        flow.states[frame.state]?.slots.first { flow.slots[$0]?.entity == .digits && slots[$0] != nil }
    }

    private mutating func retype(_ digits: String) {
        guard let name = slotOfKeys, !digits.isEmpty else { return miss(1) }
        if slots[name]?.string == digits { return proceed() }
        answer("inform", entities: [Entity(kind: .digits, value: digits, range: 0..<0)], words: [])
    }

    /// "The first one", "the latest", among what was offered.
    private static func ordinal(in words: [String], among offers: [JSONValue]) -> JSONValue? {
        guard !offers.isEmpty else { return nil }
        for (index, word) in words.enumerated() {
            switch word {
            case "earliest", "earlier", "sooner", "soonest": return offers.first
            case "last", "latest", "later": return offers.last
            case "either", "any", "whichever", "whatever": return offers.first
            case "middle": return offers[offers.count / 2]
            default: break
            }
            if let ordinal = NumberWords.ordinal(words, at: index), ordinal.value <= offers.count {
                return offers[ordinal.value - 1]
            }
        }
        return nil
    }
}
