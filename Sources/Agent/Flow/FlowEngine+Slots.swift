extension FlowEngine {
    /// What a turn changed.
    struct Assignment {
        /// Slots whose value is another one than before.
        var slots: Set<String> = []
        /// Half a name was understood.
        var hasPartialName = false
        /// A value was out of range, and the caller was told.
        var isInvalid = false
    }

    /// Puts values where they belong: where the words before them say, else into what was asked for, else into the first
    /// slot of that type which is still open, else over the one the caller corrects.
    mutating func assign(_ entities: [Entity], words: [String]) -> Assignment {
        var assignment = Assignment()
        let names = flow.states[frames.first?.state ?? frame.state]?.slots ?? []
        let candidates = names.compactMap { flow.slots[$0] }
        var taken: Set<String> = []
        for entity in entities {
            let fitting = candidates.filter { $0.accepts(entity.kind) }
            guard !fitting.isEmpty else { continue }
            let announced = fitting.first { slot in
                slot.precededBy.contains { Self.ends(words[..<entity.range.lowerBound], with: $0) }
            }
            let open = fitting.filter { $0.precededBy.isEmpty || $0.name == askedSlot }
            let slot =
                announced ?? open.first { $0.name == askedSlot && !taken.contains($0.name) }
                ?? open.first { slots[$0.name] == nil && !taken.contains($0.name) } ?? open.last
                ?? (fitting.count == 1 ? fitting[0] : nil)
            guard let slot else { continue }
            taken.insert(slot.name)
            put(entity, into: slot, &assignment)
        }
        return assignment
    }

    private var askedSlot: String? {
        switch waiting {
        case .slot(let name, _, _), .capture(let name): name
        case .pick(let pick, _): pick.by.first?.slot
        default: nil
        }
    }

    private mutating func put(_ entity: Entity, into slot: FlowSlot, _ assignment: inout Assignment) {
        if let block = slot.capture {
            if volunteer(entity, to: slot, block) { assignment.slots.insert(slot.name) }
            return
        }
        var text = entity.value
        if slot.kind == .name {
            switch entity.kind {
            case .firstName: partialName.first = entity.value
            case .lastName: partialName.last = entity.value
            default: partialName = (nil, nil)
            }
            if entity.kind != .name {
                assignment.hasPartialName = true
                guard let first = partialName.first else { return }
                // Without a question for the last name, the first one is enough.
                guard let last = partialName.last ?? (slot.askLastName == nil ? "" : nil) else { return }
                text = last.isEmpty ? first : "\(first) \(last)"
                partialName = (nil, nil)
            }
        }
        let value: JSONValue =
            slot.kind == .number
            ? Int(text).map { .integer($0) } ?? Double(text).map { .number($0) } ?? .string(text) : .string(text)
        if let range = slot.range, !range.contains(measure(text, of: slot)) {
            if let invalid = slot.invalid { say(render(invalid, extra: [slot.name: value])) }
            assignment.isInvalid = true
            return
        }
        if slots[slot.name] != value { assignment.slots.insert(slot.name) }
        slots[slot.name] = value
    }

    private func measure(_ text: String, of slot: FlowSlot) -> Double {
        switch slot.kind {
        case .digits, .phone: Double(text.count)
        case .date: CivilDate(iso: text).map { Double($0.dayNumber - today.dayNumber) } ?? 0
        default: Double(text) ?? 0
        }
    }

    private static func ends(_ words: ArraySlice<String>, with phrase: [String]) -> Bool {
        guard !phrase.isEmpty else { return false }
        return words.count >= phrase.count && Array(words.suffix(phrase.count)) == phrase
    }
}
