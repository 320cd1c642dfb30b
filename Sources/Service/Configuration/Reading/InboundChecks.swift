/// What the keys of `inbound` ask of each other.
struct InboundChecks {
    private(set) var faults: [ConfigurationFault] = []
    /// What is given and never read, as another answer is chosen.
    private(set) var warnings: [String] = []
    private let configuration: ParleyConfiguration
    private let origin: (String) -> ConfigurationOrigin
    /// Calls to these come here.
    private let own: Set<String>

    /// - Parameter origin: where the value of a key was given.
    init(_ configuration: ParleyConfiguration, origin: @escaping (String) -> ConfigurationOrigin) {
        self.configuration = configuration
        self.origin = origin
        own = Set(configuration.agents.numbers.keys).union(configuration.inbound.rules.values.flatMap(\.numbers))
            .union(configuration.inbound.callers.values.flatMap(\.to))
        checkOverload()
        checkQueue()
        checkRules()
        checkLists()
        lookForUnreadAnswers()
        lookForUnreadQueue()
        lookForUnreadRules()
        lookForUnreadLists()
    }

    private mutating func checkOverload() {
        let inbound = configuration.inbound
        let key = "inbound.overload_number"
        if inbound.overload == .number, inbound.overloadNumber == nil {
            fault(key, "required because `inbound.overload` is `number`", from: "inbound.overload")
        }
        if inbound.overload == .queue, inbound.queueFull == .number, inbound.overloadNumber == nil {
            fault(key, "required because `inbound.queue_full` is `number`", from: "inbound.queue_full")
        }
        checkDestination(key, inbound.overloadNumber)
    }

    /// What Vonage speaks at once has 1,500 characters at most.
    private static let longestAnnouncement = 1400

    private mutating func checkQueue() {
        let inbound = configuration.inbound
        let places = [
            ("inbound.queue_position", inbound.queuePosition, "{position}"),
            ("inbound.queue_wait", inbound.queueWait, "{minutes}"),
        ]
        for (key, text, place) in places where !text.contains(place) {
            fault(key, value: text, "`\(place)` is missing; put it where the number is to be said")
        }
        let last = max(inbound.queueCallbackOffer.count, inbound.queueCallbackRefused.count)
        if inbound.queuePosition.count + inbound.queueWait.count + last > Self.longestAnnouncement {
            fault(
                "inbound.queue_position",
                "with `inbound.queue_wait` and what is said of callbacks it is too long to be said at once: \(Self.longestAnnouncement) characters at most in all"
            )
        }
        guard inbound.queueCallback else { return }
        let callbacks = configuration.callbacks
        let needed = [
            ("callbacks.agent", callbacks.agent), ("callbacks.seller", callbacks.seller),
            ("callbacks.caller_id", callbacks.callerID),
        ]
        for (key, value) in needed where value == nil {
            fault(key, "required because `inbound.queue_callback` is on", from: "inbound.queue_callback")
        }
    }

    private mutating func checkRules() {
        var owner: [String: String] = [:]
        for (name, rule) in configuration.inbound.rules.sorted(by: { $0.key < $1.key }) {
            let key = "inbound.rules.\(name)"
            for number in rule.numbers {
                if let other = owner[number] {
                    fault(
                        key + ".numbers", value: number,
                        other == name
                            ? "the number is there twice"
                            : "the number belongs to `inbound.rules.\(other)` already; a number has one rule")
                }
                owner[number] = name
            }
            if rule.closed == .agent, rule.closedAgent == nil {
                fault(key + ".closed_agent", "required because `\(key).closed` is `agent`", from: key + ".closed")
            }
            if rule.closed == .number, rule.closedNumber == nil {
                fault(key + ".closed_number", "required because `\(key).closed` is `number`", from: key + ".closed")
            }
            checkDestination(key + ".closed_number", rule.closedNumber)
        }
    }

    private mutating func checkLists() {
        for (name, list) in configuration.inbound.callers.sorted(by: { $0.key < $1.key }) {
            let key = "inbound.callers.\(name)"
            if list.answer == .agent, list.agent == nil {
                fault(key + ".agent", "required because `\(key).answer` is `agent`", from: key + ".answer")
            }
            if list.answer == .number, list.number == nil {
                fault(key + ".number", "required because `\(key).answer` is `number`", from: key + ".answer")
            }
            checkDestination(key + ".number", list.number)
        }
    }

    /// Whoever is sent on to a number that comes here again would be sent round and round.
    private mutating func checkDestination(_ key: String, _ number: String?) {
        guard let number, own.contains(number) else { return }
        fault(key, value: number, "calls to this number come here; name one that somebody else answers")
    }

    // MARK: What is given in vain

    private mutating func lookForUnreadAnswers() {
        let (inbound, standard) = (configuration.inbound, ParleyConfiguration.Inbound())
        let overload = "inbound.overload"
        if inbound.overload == .busy || inbound.overload == .number, inbound.overloadMessage != standard.overloadMessage
        {
            unread(overload + "_message", because: overload, is: inbound.overload.rawValue, not: "message")
        }
        if inbound.overload == .busy || inbound.overload == .message, inbound.overloadNumber != nil {
            unread(overload + "_number", because: overload, is: inbound.overload.rawValue, not: "number")
        }
        let hidden = "inbound.hidden_callers"
        if inbound.hiddenCallers != .message, inbound.hiddenCallersMessage != standard.hiddenCallersMessage {
            unread(hidden + "_message", because: hidden, is: inbound.hiddenCallers.rawValue, not: "message")
        }
        let limit = "inbound.caller_limit"
        if inbound.callerLimitAnswer != .message, inbound.callerLimitMessage != standard.callerLimitMessage {
            unread(
                limit + "_message", because: limit + "_answer", is: inbound.callerLimitAnswer.rawValue, not: "message")
        }
        guard inbound.callerLimit == nil else { return }
        if inbound.callerLimitAnswer != standard.callerLimitAnswer { unread(limit + "_answer", without: limit) }
        if inbound.callerWindow != standard.callerWindow { unread("inbound.caller_window", without: limit) }
    }

    private mutating func lookForUnreadQueue() {
        let (inbound, standard) = (configuration.inbound, ParleyConfiguration.Inbound())
        let queue = "inbound.queue"
        if inbound.overload == .queue, inbound.queueFull != .number, inbound.overloadNumber != nil {
            unread(
                "inbound.overload_number", because: queue + "_full", is: inbound.queueFull.rawValue, not: "number")
        }
        let ofCallbacks = [
            ("_callback_offer", inbound.queueCallbackOffer != standard.queueCallbackOffer),
            ("_callback_promised", inbound.queueCallbackPromised != standard.queueCallbackPromised),
            ("_callback_refused", inbound.queueCallbackRefused != standard.queueCallbackRefused),
        ]
        guard inbound.overload != .queue else {
            guard !inbound.queueCallback else { return }
            for (key, isGiven) in ofCallbacks where isGiven {
                warnings.append("\(queue + key) is never used: \(queue)_callback is off")
            }
            return
        }
        let ofAll = [
            ("_length", inbound.queueLength != standard.queueLength),
            ("_full", inbound.queueFull != standard.queueFull),
            ("_longest_wait", inbound.queueLongestWait != standard.queueLongestWait),
            ("_pause", inbound.queuePause != standard.queuePause),
            ("_position", inbound.queuePosition != standard.queuePosition),
            ("_wait", inbound.queueWait != standard.queueWait),
            ("_callback", inbound.queueCallback != standard.queueCallback),
        ]
        for (key, isGiven) in ofAll + ofCallbacks where isGiven {
            unread(queue + key, because: "inbound.overload", is: inbound.overload.rawValue, not: "queue")
        }
    }

    private mutating func lookForUnreadRules() {
        let standard = ParleyConfiguration.Inbound.Rule()
        for (name, rule) in configuration.inbound.rules.sorted(by: { $0.key < $1.key }) {
            let key = "inbound.rules.\(name)"
            let closed = key + ".closed"
            if rule.closed != .message, rule.closedMessage != standard.closedMessage {
                unread(closed + "_message", because: closed, is: rule.closed.rawValue, not: "message")
            }
            if rule.closed != .agent, rule.closedAgent != nil {
                unread(closed + "_agent", because: closed, is: rule.closed.rawValue, not: "agent")
            }
            if rule.closed != .number, rule.closedNumber != nil {
                unread(closed + "_number", because: closed, is: rule.closed.rawValue, not: "number")
            }
            let isEverClosed = rule.hours != nil || rule.holidays != nil || !rule.holidayRegions.isEmpty
            if !isEverClosed, rule.closed != standard.closed { unread(closed, without: "\(key).hours or holidays") }
        }
    }

    private mutating func lookForUnreadLists() {
        let standard = ParleyConfiguration.Inbound.CallerList()
        for (name, list) in configuration.inbound.callers.sorted(by: { $0.key < $1.key }) {
            let key = "inbound.callers.\(name)"
            let (answer, chosen) = (key + ".answer", list.answer.rawValue)
            if list.answer != .message, list.message != standard.message {
                unread(key + ".message", because: answer, is: chosen, not: "message")
            }
            if list.answer != .agent, list.agent != nil {
                unread(key + ".agent", because: answer, is: chosen, not: "agent")
            }
            if list.answer != .agent, list.always { unread(key + ".always", because: answer, is: chosen, not: "agent") }
            if list.answer != .number, list.number != nil {
                unread(key + ".number", because: answer, is: chosen, not: "number")
            }
        }
    }

    private mutating func unread(_ key: String, because other: String, is value: String, not needed: String) {
        warnings.append("\(key) is never used: \(other) is `\(value)`, not `\(needed)`")
    }

    private mutating func unread(_ key: String, without other: String) {
        warnings.append("\(key) is never used: there is no \(other)")
    }

    private mutating func fault(_ key: String, value: String? = nil, _ reason: String, from place: String? = nil) {
        faults.append(ConfigurationFault(origin(place ?? key), key: key, value: value, reason))
    }
}
