extension FlowEngine {
    private enum Progress {
        case next
        /// The frame is in another state.
        case jumped
        case waits
    }

    /// Runs the current state's steps until one of them waits.
    mutating func run() {
        var index = 0
        waiting = .nothing
        question = nil
        while !hasEnded {
            budget -= 1
            guard budget > 0 else {
                giveUp(reason: "the flow ran in circles in state \(frame.state)")
                return
            }
            guard let state = flow.states[frame.state], index < state.steps.count else {
                leaveDigression()
                index = 0
                continue
            }
            let step = state.steps[index]
            if let condition = step.condition, !condition.holds({ value(at: $0) }) {
                index += 1
                continue
            }
            switch perform(step.action, at: index) {
            case .next: index += 1
            case .jumped: index = 0
            case .waits: return
            }
        }
    }

    /// Goes on in another state of the same line of conversation.
    mutating func enter(_ state: String) {
        frame = Frame(state: state, task: frame.task, jumps: frame.jumps)
    }

    private mutating func leaveDigression() {
        if frames.count > 1 {
            frames.removeLast()
            if let back = digressionBack { say(back) }
            digressionBack = nil
        } else {
            frames = [Frame(state: flow.start)]
        }
    }

    private mutating func perform(_ action: FlowStepDefinition.Action, at index: Int) -> Progress {
        switch action {
        case .ask(let ask):
            pose(
                variation(of: ask.prompts), again: ask.again, hint: ask.hint,
                Expectation(kind: .open, context: frame.state))
            waiting = .open(ask)
            return .waits
        case .collect(let collect): return perform(collect)
        case .pick(let pick): return perform(pick)
        case .confirm(let confirm):
            let fingerprint = "\(index):\(confirm.prompts.first.map { render($0) } ?? "")"
            if frame.confirmed.contains(fingerprint) { return .next }
            pose(
                variation(of: confirm.prompts), again: confirm.prompts, hint: nil,
                Expectation(kind: .yesNo, context: Flow.confirmContext))
            waiting = .confirm(confirm, fingerprint: fingerprint, isChanging: false)
            return .waits
        case .say(let templates):
            let fingerprint = "\(index):\(templates.first.map { render($0) } ?? "")"
            if frame.done.insert(fingerprint).inserted { say(variation(of: templates), fingerprint: fingerprint) }
            return .next
        case .call(let call): return perform(call, at: index)
        case .set(let slot, let template):
            if frame.done.insert("\(index):set").inserted { slots[slot] = template.argument { value(at: $0) } }
            return .next
        case .clear(let names):
            if frame.done.insert("\(index):clear").inserted { forget(names) }
            return .next
        case .goto(let jump):
            let edge = "\(frame.state):\(index)"
            let count = frame.jumps[edge, default: 0]
            frame.jumps[edge] = count + 1
            if let most = jump.atMost, let otherwise = jump.otherwise, count >= most {
                enter(otherwise)
            } else {
                enter(jump.state)
            }
            return .jumped
        case .press(let keys):
            guard frame.done.insert("\(index):press").inserted else { return .next }
            let value = keys.argument { self.value(at: $0) }
            let pressed = (value.string ?? value.text).filter(Self.pressable.contains)
            guard !pressed.isEmpty else { return .next }
            steps.append(.output(.press(pressed)))
            // What comes next is a menu again, or somebody.
            waiting = .open(FlowStepDefinition.Ask(prompts: [], again: []))
            return .waits
        case .transfer(let destination, let reason):
            end(.transfer(destination: destination, reason: reason))
            return .waits
        case .hangUp(let reason):
            end(.hangUp(reason: reason))
            return .waits
        case .escalate(let reason):
            escalate(reason: reason)
            return .waits
        }
    }

    mutating func forget(_ names: [String]) {
        for name in names {
            slots[name] = nil
            captures[name] = nil
            secrets[name] = nil
            if flow.slots[name]?.kind == .name { partialName = (nil, nil) }
        }
    }

    private mutating func perform(_ collect: FlowStepDefinition.Collect) -> Progress {
        guard let slot = flow.slots[collect.slot] else { return .next }
        if let block = slot.capture {
            guard slots[slot.name] == nil, capture(slot, by: block, prompts: collect.prompts) else { return .next }
            waiting = .capture(slot.name)
            return .waits
        }
        let expectation = Expectation(
            kind: slot.expectation, context: slot.name,
            longestKeys: slot.kind == .digits || slot.kind == .phone ? slot.range.map { Int($0.upperBound) } : nil,
            isWithheld: isProof(slot.name))
        var offers: [JSONValue] = []
        if let path = collect.among {
            let choices = value(at: path)?.array ?? []
            if choices.isEmpty, let none = collect.none {
                enter(none)
                return .jumped
            }
            if let wanted = slots[slot.name] {
                if choices.contains(where: { $0.isSame(as: wanted) }) { return .next }
                if let other = Self.otherHalfOfDay(wanted), choices.contains(other) {
                    slots[slot.name] = other
                    return .next
                }
                offers = Self.nearest(to: wanted, in: choices)
                let extra: [String: JSONValue] = ["offers": .array(offers)]
                let text = variation(of: collect.offer, extra: extra)
                slots[slot.name] = nil
                pose(text, again: slot.again, hint: nil, extra: extra, expectation)
                waiting = .slot(slot.name, offers: offers, no: collect.no)
                return .waits
            }
            offers = Self.spread(choices)
        } else if slots[slot.name] != nil {
            return .next
        }
        let extra: [String: JSONValue] = ["offers": .array(offers)]
        if slot.kind == .name, partialName.first != nil, let ask = slot.askLastName {
            pose(render(ask), again: slot.again, hint: slot.hint, expectation)
        } else {
            let prompts = collect.prompts.isEmpty ? slot.ask : collect.prompts
            pose(variation(of: prompts, extra: extra), again: slot.again, hint: slot.hint, extra: extra, expectation)
        }
        waiting = .slot(slot.name, offers: offers, no: collect.no)
        return .waits
    }

    private mutating func perform(_ pick: FlowStepDefinition.Pick) -> Progress {
        let items = value(at: pick.from)?.array ?? []
        guard !items.isEmpty else {
            if let none = pick.none { enter(none) }
            return pick.none == nil ? .next : .jumped
        }
        let narrowed = items.filter { item in
            pick.by.allSatisfy { slot, field in slots[slot].map { item[field]?.isSame(as: $0) ?? false } ?? true }
        }
        let candidates = narrowed.isEmpty ? items : narrowed
        let chosen =
            candidates.count == 1
            ? candidates[0] : frame.memo["pick:\(pick.variable)"].flatMap { items.contains($0) ? $0 : nil }
        if let chosen {
            results[pick.variable] = chosen
            return .next
        }
        let offered = Array(candidates.prefix(4))
        let names = offered.map { JSONValue.string(render(pick.describe, extra: ["item": $0])) }
        let extra: [String: JSONValue] = ["offers": .array(names)]
        let slot = pick.by.first.flatMap { flow.slots[$0.slot] }
        pose(
            variation(of: pick.prompts, extra: extra), again: pick.prompts, hint: nil, extra: extra,
            Expectation(kind: .choice, context: slot?.name ?? frame.state))
        waiting = .pick(pick, items: offered)
        return .waits
    }

    private mutating func perform(_ call: FlowStepDefinition.Call, at index: Int) -> Progress {
        let arguments = JSONValue.object(
            call.arguments.mapValues { $0.argument { argument(at: $0) } }.filter { $0.value != .null })
        let shown = JSONValue.object(
            call.arguments.mapValues { $0.argument { shownArgument(at: $0) } }.filter { $0.value != .null })
        // An act is told from another by what may be known of it, and by which secrets it was given.
        let secretSlots = secretSlots(of: call)
        let revisions = secretSlots.map { "#\(secrets[$0]?.revision ?? 0)" }.joined()
        let act = "\(call.tool):\(shown.text)\(revisions)"
        let fingerprint = "\(index):\(act)"
        if let known = frame.memo[fingerprint] {
            if let name = call.save { results[name] = known }
            return .next
        }
        let spent = secretSlots.filter { secrets[$0]?.value == nil }
        guard spent.isEmpty else {
            // They were forgotten when they had served. Whoever wants another act is asked again.
            forget(spent)
            return .jumped
        }
        invocations += 1
        let count = callsInTurn[call.tool, default: 0] + 1
        callsInTurn[call.tool] = count
        // A tool may be called several times in a turn; each of these is an act of its own.
        let fresh = "\(self.call.callID)/\(turn)/\(call.tool)" + (count > 1 ? "#\(count)" : "")
        let key = keys[act] ?? fresh
        keys[act] = key
        waiting = .tool(
            PendingCall(
                invocation: ToolInvocation(id: "t\(invocations)", name: call.tool, arguments: arguments), shown: shown,
                call: call,
                fingerprint: fingerprint, act: act, key: key))
        return .waits
    }

    /// 10:30 for 22:30 and back.
    private static func otherHalfOfDay(_ value: JSONValue) -> JSONValue? {
        guard let time = value.string.flatMap({ ClockTime(text: $0) }) else { return nil }
        return ClockTime(hour: (time.hour + 12) % 24, minute: time.minute).map { .string($0.description) }
    }

    /// Up to three choices close to what was wanted, in their own order.
    private static func nearest(to wanted: JSONValue, in choices: [JSONValue]) -> [JSONValue] {
        guard let time = wanted.string.flatMap({ ClockTime(text: $0) }) else { return spread(choices) }
        let ranked = choices.enumerated().sorted { a, b in
            distance(a.element, time) < distance(b.element, time)
        }
        return ranked.prefix(3).sorted { $0.offset < $1.offset }.map(\.element)
    }

    private static func distance(_ choice: JSONValue, _ time: ClockTime) -> Int {
        guard let other = choice.string.flatMap({ ClockTime(text: $0) }) else { return Int.max }
        return abs(other.minuteOfDay - time.minuteOfDay)
    }

    /// Up to three choices from early, middle and late.
    private static func spread(_ choices: [JSONValue]) -> [JSONValue] {
        guard choices.count > 3 else { return choices }
        return [choices[0], choices[choices.count / 2], choices[choices.count - 1]]
    }
}
