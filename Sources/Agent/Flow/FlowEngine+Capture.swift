/// Capture blocks within a flow: what was asked for is heard by the block first, and by the flow's intents where the block can
/// make nothing of it.
extension FlowEngine {
    /// What a capture block has come to.
    struct Capture: Sendable {
        var form: any CaptureForm
        /// The value has been read back, or is about to be.
        var isReading = false
        /// Answers in a row that led nowhere.
        var misses = 0
        /// Answers that cannot be. A group of digits that can be takes none of them back: the whole may fail again.
        var faults = 0
        /// Read-backs that the caller did not agree to.
        var refusals = 0
    }

    /// Asks for what is missing, or reads back; nil when the slot is filled.
    mutating func capture(_ slot: FlowSlot, by block: CaptureBlock, prompts: [Template]) -> Bool {
        var capture = captures[slot.name] ?? Capture(form: block.makeForm(today: today, names: flow.names))
        defer { captures[slot.name] = capture }
        if let question = capture.form.question {
            capture.isReading = false
            let text = question.isEmpty ? variation(of: prompts.isEmpty ? slot.ask : prompts) : question
            let (kind, keys) = capture.form.expectation
            pose(
                text, again: slot.again, hint: slot.hint,
                Expectation(
                    kind: kind, context: slot.name, longestKeys: keys,
                    isWithheld: block.isWithheld || isProof(slot.name)))
            return true
        }
        guard block.readsBack else {
            fill(slot.name, from: capture.form)
            return false
        }
        capture.isReading = true
        pose(
            capture.form.readBack, again: [], hint: nil,
            Expectation(kind: .yesNo, context: slot.name, isWithheld: block.isWithheld || isProof(slot.name)))
        return true
    }

    /// Hears a turn as an answer to the capture block that waits.
    ///
    /// - Returns: whether it was one; else the flow is to make of it what it can.
    mutating func hearCapture(_ name: String, _ turn: CallerTurn, intent: String, confidence: Double) -> Bool {
        guard let slot = flow.slots[name], let block = slot.capture, var capture = captures[name],
            turn.confidence >= agent.thresholds.reaskBelow
        else { return false }
        let words = CaptureText.words(turn.text)
        let isCommand = intent == "repeat" || flow.routes[intent] != nil
        if capture.isReading, intent == "yes", confidence >= agent.thresholds.agreeBelow {
            // "Yes, but it is Oak Street" puts right as much as "no" does.
            var trial = capture.form
            let put = trial.take(Array(words.drop { $0 == "yes" }), isReadBack: true)
            // "Absolutely" is a word of agreement rather than a name.
            let isSame =
                trial.question == nil && trial.value == capture.form.value && trial.secret == capture.form.secret
            if put == .nothing || put == .understood && isSame || put == .guessed && !words.contains("but") {
                understood("yes", turn)
                agree(to: capture, name)
                return true
            }
        }
        let before = capture.form
        let hearing = capture.form.take(words, isReadBack: capture.isReading)
        switch hearing {
        // What could be anything is rather what the flow knows.
        case .guessed where isCommand && confidence >= agent.thresholds.reaskBelow,
            .guessed where capture.isReading && ["yes", "no", "correction"].contains(intent),
            .guessed where intent == "no" && confidence >= agent.thresholds.reaskBelow || CaptureWords.evade(words):
            capture.form = before
        case .understood where isCommand && confidence >= agent.thresholds.agreeBelow && capture.isReading:
            capture.form = before
        case .understood, .guessed:
            understood("inform", turn)
            misses = 0
            capture.misses = 0
            if capture.isReading { capture.refusals += 1 }
            return go(on: capture, name, block)
        case .invalid(let reason):
            understood("inform", turn)
            say(reason)
            capture.faults += 1
            return go(on: capture, name, block)
        case .nothing: break
        }
        guard capture.isReading, intent == "no" || intent == "correction" || words.first == "no" else { return false }
        understood("no", turn)
        capture.form.forget(named: words)
        capture.refusals += 1
        misses = 0
        return go(on: capture, name, block)
    }

    /// Digits typed for a capture block that waits; 1 and 2 are yes and no to a read-back.
    mutating func pressCapture(_ name: String, _ keys: String) -> Bool {
        guard let block = flow.slots[name]?.capture, var capture = captures[name] else { return false }
        if capture.isReading, keys == "1" {
            agree(to: capture, name)
            return true
        }
        if capture.isReading, keys == "2" {
            capture.form.forget(named: [])
            capture.refusals += 1
            return go(on: capture, name, block)
        }
        switch capture.form.take(keys: keys) {
        case .nothing: return false
        case .understood, .guessed: capture.misses = 0
        case .invalid(let reason):
            say(reason)
            capture.faults += 1
        }
        if capture.isReading { capture.refusals += 1 }
        misses = 0
        return go(on: capture, name, block)
    }

    /// Nothing could be made of an answer; true when that was once too often.
    mutating func missCapture(_ name: String) -> Bool {
        guard let block = flow.slots[name]?.capture, var capture = captures[name] else { return false }
        capture.misses += 1
        return givesUp(capture, name, block)
    }

    /// Makes a value that was volunteered, before anybody asked, the beginning of an answer, and a new value of a slot that is
    /// filled one that is to be read back.
    ///
    /// - Returns: whether that changed anything.
    mutating func volunteer(_ entity: Entity, to slot: FlowSlot, _ block: CaptureBlock) -> Bool {
        let empty = block.makeForm(today: today, names: flow.names)
        var capture = captures[slot.name] ?? Capture(form: empty)
        let before = capture.form
        let words =
            entity.kind == .digits
            ? entity.value.map { NumberWords.speakDigits(String($0)) } : SpokenText.words(entity.value)
        var anew = empty
        if slots[slot.name] != nil, anew.take(words, isReadBack: false) == .understood, anew.question == nil {
            // A whole value stands for itself.
            capture.form = anew
        } else if slots[slot.name] != nil, block.kind == .phone {
            // More digits do not make another number of one that was agreed to.
            return false
        } else {
            guard capture.form.take(words, isReadBack: slots[slot.name] != nil) == .understood else { return false }
        }
        guard capture.form.value != before.value || capture.form.question != before.question else { return false }
        slots[slot.name] = nil
        secrets[slot.name] = nil
        capture.isReading = false
        captures[slot.name] = capture
        return true
    }

    private mutating func agree(to capture: Capture, _ name: String) {
        if isReadBackUnheard {
            run()
            return
        }
        fill(name, from: capture.form)
        misses = 0
        run()
    }

    private mutating func go(on capture: Capture, _ name: String, _ block: CaptureBlock) -> Bool {
        captures[name] = capture
        if !givesUp(capture, name, block) { run() }
        return true
    }

    private mutating func givesUp(_ capture: Capture, _ name: String, _ block: CaptureBlock) -> Bool {
        captures[name] = capture
        guard capture.misses + capture.faults >= block.tries || capture.refusals >= block.tries else { return false }
        captures[name] = nil
        escalate(reason: "the caller's \(block.kind.spoken) was not captured in \(block.tries) tries")
        return true
    }

    private mutating func fill(_ name: String, from form: any CaptureForm) {
        slots[name] = form.value
        if let secret = form.secret {
            let identity = Self.identity(of: secret, in: name)
            if secretRevisions[identity] == nil { secretRevision += 1 }
            let revision = secretRevisions[identity] ?? secretRevision
            secretRevisions[identity] = revision
            secrets[name] = Secret(value: secret, revision: revision)
        }
    }

    /// A digest of a secret without what is given only once. No digit is kept in it.
    private static func identity(of secret: JSONValue, in slot: String) -> Int {
        var hasher = Hasher()
        hasher.combine(slot)
        hasher.combine(secret.object?.filter { $0.key != CaptureBlock.Part.securityCode.rawValue })
        return hasher.finalize()
    }

    private mutating func understood(_ intent: String, _ turn: CallerTurn) {
        // The values are in the read-back; half of one says nothing, and some nobody may keep.
        steps.append(.output(.understood(Understanding(intent: intent, entities: [:], confidence: turn.confidence))))
    }

    // MARK: What is for tools alone

    /// A value that only a tool may have.
    struct Secret: Sendable {
        /// Nil once a tool has been given it and succeeded.
        var value: JSONValue?
        /// Tells it from another one where it may not stand itself.
        let revision: Int
    }

    /// Slots whose digits nobody needs any more when another task begins.
    func abandonedSecrets(for state: FlowState) -> [String] {
        flow.slots.values.filter { slot in
            slot.capture?.isWithheld == true && !state.slots.contains(slot.name)
                && (captures[slot.name] != nil || secrets[slot.name]?.value != nil)
        }.map(\.name)
    }

    private static let withheld = JSONValue.string("withheld")

    /// The value of a path for a tool's argument, where secrets may go.
    func argument(at path: [String]) -> JSONValue? {
        guard isSecret(path), let name = path.first else { return value(at: path) }
        return secrets[name]?.value.map { $0.value(at: path.dropFirst()) } ?? Self.withheld
    }

    /// The same as it may be written down.
    func shownArgument(at path: [String]) -> JSONValue? {
        guard isSecret(path), let name = path.first else { return value(at: path) }
        return secrets[name]?.value.map { $0.value(at: path.dropFirst()) == nil } == true ? nil : Self.withheld
    }

    private func isSecret(_ path: [String]) -> Bool {
        path.count > 1 && secrets[path[0]] != nil && CaptureBlock.secrets.contains(path[1])
    }

    /// The slots whose secrets a call is given, in the order of their names.
    func secretSlots(of call: FlowStepDefinition.Call) -> [String] {
        let paths = call.arguments.values.flatMap(\.references).map(\.path).filter(isSecret)
        return Set(paths.compactMap(\.first)).sorted()
    }

    /// The call under way as it may be written down.
    func shown(_ invocation: ToolInvocation) -> ToolInvocation {
        guard case .tool(let pending) = waiting, pending.invocation.id == invocation.id else { return invocation }
        var shown = invocation
        shown.arguments = pending.shown
        return shown
    }

    /// The digits of everything that must not be written down, an expiry in each form in which it is written.
    var secretDigits: [String] {
        secrets.values.flatMap { secret in
            let members = secret.value?.object ?? [:]
            let expiry = (members["expiry"]?.string ?? "").split(separator: "-")
            guard let year = expiry.first, let month = expiry.last, expiry.count == 2 else {
                return ["number", "security_code"].compactMap { members[$0]?.string }
            }
            return ["number", "security_code"].compactMap { members[$0]?.string }
                + ["\(year)\(month)", "\(month)\(year)", "\(month)\(year.suffix(2))"]
        }
    }

    /// A tool that was given secrets has answered: they have served, or what may be given only once is asked for anew.
    mutating func spendSecrets(of call: FlowStepDefinition.Call, succeeded: Bool) {
        for name in secretSlots(of: call) {
            if succeeded {
                let served = secrets[name]?.revision
                secretRevisions = secretRevisions.filter { $0.value != served }
                secrets[name]?.value = nil
                captures[name] = nil
            } else {
                secrets[name] = nil
                slots[name] = nil
                captures[name]?.form.forgetAfterUse()
                captures[name]?.isReading = false
            }
        }
    }
}

extension CaptureBlock.Kind {
    fileprivate var spoken: String { rawValue.replacing("_", with: " ") }
}
