/// What the keys of `inbound` ask of each other.
struct InboundChecks {
    private(set) var faults: [ConfigurationFault] = []
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

    private mutating func fault(_ key: String, value: String? = nil, _ reason: String, from place: String? = nil) {
        faults.append(ConfigurationFault(origin(place ?? key), key: key, value: value, reason))
    }
}
