import Store

/// Masks what one call gives to be kept: the inputs of its journal, what was decided, and its rows. A value.
///
/// A card's number may come in pieces: over several hypotheses, several turns, or key by key. So digits that may be the beginning
/// of one are masked from the seventh on, before anybody can know; up to six are what PCI DSS lets everybody see. Turns and tools in
/// which that was done without need are told again, with their digits, as soon as that is known. Of the journal nothing is told
/// again: there such digits stay masked.
struct CallMask: Sendable {
    /// As many digits of a card may be shown.
    static let openlyShown = 6
    /// An echo of fewer digits tells nothing.
    static let shortestEcho = 4
    /// Rows that wait for what becomes of their digits; of more, digits stay masked.
    static let mostHeld = 64
    /// After more turns without digits the number is over.
    static let mostAsides = 3
    /// Keys further apart belong to something else.
    static let keyPause = 240_000

    let mask: PersonalDataMask
    /// Digits with which the caller's turns so far end, and nothing of its own after them.
    var open = ""
    /// Turns without digits since then.
    private var asides = 0
    /// The same of this turn's utterances so far, behind ``open``.
    var spoken = ""
    /// Numbers of cards that were said.
    var cards: [String] = []
    var keys = (count: 0, position: 0)
    /// The digits among the keys of one number.
    var typed = ""
    /// The newest keys, as they were pressed and as they are shown; as many as one answer may have.
    var newestKeys = (pressed: "", shown: "")
    /// What the newest of the caller's turns became, and what it is as far as it is certain that it must be masked.
    var newest: (number: Int, text: String, masked: String, certain: String)?
    /// Rows whose digits were masked in case, as they are if that was not needed.
    var held: [StoreWrite] = []

    init(_ mask: PersonalDataMask) { self.mask = mask }

    var watchesCards: Bool { mask.kinds.contains(.cards) }

    /// The rows as they are kept and shown, and those that are told again.
    mutating func masked(_ writes: [StoreWrite], isLast: Bool) -> [StoreWrite] {
        guard !mask.isNothing else { return writes }
        var kept: [StoreWrite] = []
        for write in writes { kept += masked(write) }
        if isLast {
            // In front of the call's last row, which may be what others are told upon.
            kept.insert(contentsOf: release(), at: 0)
        }
        return kept
    }

    private mutating func masked(_ write: StoreWrite) -> [StoreWrite] {
        switch write {
        case .call(var call):
            call.endReason = call.endReason.map(echo)
            return [.call(call)]
        case .announcedCall(var call, let drafts):
            call.endReason = call.endReason.map(echo)
            return [.announcedCall(call, drafts)]
        case .turn(let turn): return masked(turn)
        case .tool(let tool):
            var (masked, certain) = (tool, tool)
            masked.arguments = mask.maskJSON(tool.arguments, echo)
            masked.outcome = tool.outcome.map { mask.maskJSON($0, echo) }
            certain.arguments = mask.maskJSON(tool.arguments) { echo($0, of: cards) }
            certain.outcome = tool.outcome.map { mask.maskJSON($0) { echo($0, of: cards) } }
            if masked != certain { hold(.tool(certain)) }
            return [.tool(masked)]
        case .incident(var incident):
            incident.detail = echo(incident.detail)
            return [.incident(incident)]
        case .journal, .recording: return [write]
        }
    }

    private mutating func masked(_ turn: TurnRecord) -> [StoreWrite] {
        var (masked, certain) = (turn, turn)
        var released: [StoreWrite] = []
        // Whose words nobody knows yet tells nothing of the digits before.
        if turn.speaker == .caller, !turn.text.isEmpty {
            if newest?.number != turn.number || newest?.text != turn.text { released = take(turn) }
            masked.text = newest?.masked ?? ""
            certain.text = newest?.certain ?? ""
        } else {
            masked.text = echo(turn.text)
            certain.text = echo(turn.text, of: cards)
        }
        masked.heard = turn.heard.map { echo($0) }
        certain.heard = turn.heard.map { echo($0, of: cards) }
        masked.entities = turn.entities.mapValues { echo($0) }
        certain.entities = turn.entities.mapValues { echo($0, of: cards) }
        if masked != certain { hold(.turn(certain)) }
        return released + [.turn(masked)]
    }

    /// A new turn of the caller: goes on with the digits of those before, or shows that they were no card's.
    private mutating func take(_ turn: TurnRecord) -> [StoreWrite] {
        let found = words(turn.text, after: open)
        spoken = ""
        if found.isAside, !open.isEmpty, asides < Self.mostAsides {
            asides += 1
            newest = (turn.number, turn.text, found.masked, found.masked)
            return []
        }
        asides = 0
        let before = open
        open = found.tail
        if let card = found.card { cards = cards.suffix(7) + [card] }
        newest = (turn.number, turn.text, found.masked, found.card == nil ? echo(turn.text, of: cards) : found.masked)
        if let card = found.card, found.isContinued || (!before.isEmpty && card.contains(before)) {
            held = []
            return []
        }
        return found.isContinued && !open.isEmpty ? [] : release()
    }

    /// The rows whose digits need not be masked after all.
    private mutating func release() -> [StoreWrite] {
        defer { held = [] }
        return held
    }

    private mutating func hold(_ write: StoreWrite) {
        held.removeAll { $0.isSameRow(as: write) }
        if held.count < Self.mostHeld { held.append(write) }
    }
}

extension StoreWrite {
    /// Whether one replaces the other, of one call's turns and tools.
    fileprivate func isSameRow(as other: StoreWrite) -> Bool {
        switch (self, other) {
        case (.turn(let left), .turn(let right)):
            left.number == right.number && left.speaker == right.speaker && left.part == right.part
        case (.tool(let left), .tool(let right)): left.invocationID == right.invocationID
        default: false
        }
    }
}
