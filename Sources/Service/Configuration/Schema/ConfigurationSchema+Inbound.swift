extension ConfigurationSchema {
    /// Where the rules of called numbers are, each under a name that the operator chooses.
    static let inboundRules = ["inbound", "rules"]

    /// Where the lists of callers are, likewise.
    static let callerLists = ["inbound", "callers"]

    static let inbound = ConfigurationSection(
        name: "inbound",
        documentation:
            "Who answers which number, and when, and what those hear whom no agent answers: docs/carriers.md. Messages and other numbers are the carrier's to say and to dial.",
        keys: inboundOverload + inboundQueue + inboundCallers)

    /// Of callers whom no line is free for.
    private static let inboundOverload: [Key] = [
        Key("inbound.language", \.inbound.language, .languageTag, "What the messages are written in."),
        Key(
            "inbound.overload", \.inbound.overload, .word,
            "What callers get when no line is free: busy, overload_message, overload_number in place of us, or a place in the queue."
        ),
        Key("inbound.overload_message", \.inbound.overloadMessage, .sentence, "Said before the carrier hangs up."),
        Key(
            "inbound.overload_number", optional: \.inbound.overloadNumber, .telephone,
            example: "\"+493012345679\"", "Where the carrier sends them."),
    ]

    /// Of callers who wait for a line.
    private static let inboundQueue: [Key] = [
        Key(
            "inbound.queue_length", \.inbound.queueLength, .integer(1...1000), "Callers who wait at most; on this node."
        ),
        Key(
            "inbound.queue_full", \.inbound.queueFull, .word,
            "What the next ones get: busy, overload_message, or overload_number in place of us."),
        Key(
            "inbound.queue_longest_wait", \.inbound.queueLongestWait, .duration(.seconds(30) ... .seconds(7200)),
            "Who has waited so long hears overload_message."),
        Key(
            "inbound.queue_pause", \.inbound.queuePause, .duration(.seconds(5) ... .seconds(10)),
            "How long a key is waited for before the place is said again, in whole seconds."),
        Key(
            "inbound.queue_position", \.inbound.queuePosition, .sentence,
            "Said to whoever waits; {position} is their place."),
        Key(
            "inbound.queue_wait", \.inbound.queueWait, .sentence,
            "Said next, once it is known how long others have waited; {minutes} is rounded up."),
        Key(
            "inbound.queue_callback", \.inbound.queueCallback, .boolean,
            "Whether callers who show their number may press 1 to be called back; callbacks.* says by whom."),
        Key(
            "inbound.queue_callback_offer", \.inbound.queueCallbackOffer, .sentence, "Said last to those."),
        Key(
            "inbound.queue_callback_promised", \.inbound.queueCallbackPromised, .sentence,
            "Said before the carrier hangs up."),
        Key(
            "inbound.queue_callback_refused", \.inbound.queueCallbackRefused, .sentence,
            "Said when their number may not be called; they keep their place."),
    ]

    /// Of callers who hide their number or call often.
    private static let inboundCallers: [Key] = [
        Key(
            "inbound.hidden_callers", \.inbound.hiddenCallers, .word,
            "What callers get who hide their number; a switch that gives no `from` hides it."),
        Key(
            "inbound.hidden_callers_message", \.inbound.hiddenCallersMessage, .sentence,
            "Said before the carrier hangs up."),
        Key(
            "inbound.caller_limit", optional: \.inbound.callerLimit, .integer(1...1000),
            fallback: "none: any number",
            example: "5", "Calls of one number within caller_window that are taken; on this node."),
        Key(
            "inbound.caller_window", \.inbound.callerWindow, .duration(.seconds(60) ... .seconds(86_400)),
            "How long a call counts."),
        Key(
            "inbound.caller_limit_answer", \.inbound.callerLimitAnswer, .word,
            "What callers get beyond it: busy, or caller_limit_message."),
        Key(
            "inbound.caller_limit_message", \.inbound.callerLimitMessage, .sentence,
            "Said before the carrier hangs up."),
    ]

    /// The keys of one rule, below its name.
    static let inboundRuleKeys: [ConfigurationKey<ParleyConfiguration.Inbound.Rule>] = [
        ConfigurationKey(
            "numbers", \.numbers, .calledNumbers(), fallback: "none, required", example: "\"+493012345678\"",
            "The called numbers that it holds for."),
        ConfigurationKey(
            "agent", optional: \.agent, .name, fallback: "whom agents.numbers names, or agents.default",
            example: "receptionist", "Answers within the hours."),
        ConfigurationKey(
            "hours", optional: \.hours, .openingHours, fallback: "none: always",
            example: "mon-fri 09:00-12:00 13:00-17:00, sat 10:00-14:00",
            "When; days that are not named are closed. A span ends at 24:00 at the latest, the next day goes on at 00:00."
        ),
        ConfigurationKey(
            "zone", optional: \.zone, .timeZone, fallback: "that of calendar.time_zone", example: "Europe/Berlin",
            "Whose clocks are meant."),
        ConfigurationKey(
            "holidays", optional: \.holidays, .closedDays, example: "12-25, 12-26, 2026-12-24",
            "Days that are closed whatever the hours say."),
        ConfigurationKey(
            "holiday_regions", \.holidayRegions, .regions, fallback: "none", example: "US",
            "Regions whose days in holidays.csv of campaigns.directory are closed, too."),
        ConfigurationKey(
            "closed", \.closed, .word, "What callers get then: closed_agent, closed_message, closed_number or busy."),
        ConfigurationKey(
            "closed_agent", optional: \.closedAgent, .name, example: "receptionist", "Answers when it is closed."),
        ConfigurationKey("closed_message", \.closedMessage, .sentence, "Said before the carrier hangs up."),
        ConfigurationKey(
            "closed_number", optional: \.closedNumber, .telephone, example: "\"+493012345679\"",
            "Where the carrier sends them."),
        ConfigurationKey(
            "language", optional: \.language, .languageTag, fallback: "that of inbound.language", example: "de-DE",
            "What is said to callers of these numbers is written in."),
    ]

    /// Where the languages of a rule are, below its name; each under a key of a telephone.
    static let ruleLanguages = "languages"

    /// The keys of one language of a rule, below its key.
    static let languageKeys: [ConfigurationKey<ParleyConfiguration.Inbound.LanguageKey>] = [
        ConfigurationKey("say", \.say, .sentence, fallback: "none, required", "Offers it, in the language itself."),
        ConfigurationKey("language", \.language, .languageTag, fallback: "none, required", "What it is written in."),
        ConfigurationKey("agent", \.agent, .name, fallback: "none, required", "Answers who presses the key."),
    ]

    /// The keys of one list of callers, below its name.
    static let callerListKeys: [ConfigurationKey<ParleyConfiguration.Inbound.CallerList>] = [
        ConfigurationKey(
            "numbers", \.numbers, .callers, fallback: "none, required", example: "\"+4915112345678, +3491*\"",
            "Who is on it: whole numbers, or how they begin. Who is on several is on the one that says most of the number."
        ),
        ConfigurationKey(
            "to", \.to, .calledNumbers(orNone: true), fallback: "all", example: "\"+493012345678\"",
            "The called numbers that it holds for."),
        ConfigurationKey(
            "answer", \.answer, .word, "What they get: busy, message, number, or agent, which is another one."),
        ConfigurationKey(
            "agent", optional: \.agent, .name, example: "receptionist",
            "Answers them; one who speaks their language, say."),
        ConfigurationKey("message", \.message, .sentence, "Said before the carrier hangs up."),
        ConfigurationKey(
            "number", optional: \.number, .telephone, example: "\"+493012345679\"", "Where the carrier sends them."),
        ConfigurationKey(
            "always", \.always, .boolean,
            "Whether the agent answers them out of hours, too, and however often they call."),
    ]
}
