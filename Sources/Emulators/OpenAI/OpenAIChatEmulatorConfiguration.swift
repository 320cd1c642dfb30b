/// What the emulated model says, how slow it is, and what goes wrong with it.
package struct OpenAIChatEmulatorConfiguration: Sendable {
    package typealias Exchange = ModelEmulatorConfiguration.Exchange
    package typealias ToolCall = ModelEmulatorConfiguration.ToolCall
    package typealias Reply = ModelEmulatorConfiguration.Reply
    package typealias Fault = ModelEmulatorConfiguration.Fault

    /// Ways in which compatible servers differ.
    package struct Dialect: OptionSet, Sendable {
        package let rawValue: Int
        package init(rawValue: Int) { self.rawValue = rawValue }

        /// Tool calls without `index`.
        package static let noToolIndex = Dialect(rawValue: 1)
        /// Each tool call whole in one chunk.
        package static let wholeToolCalls = Dialect(rawValue: 2)
        /// Id and name again in every fragment.
        package static let repeatedToolNames = Dialect(rawValue: 4)
        /// `stop` although tools are called.
        package static let stopsAlways = Dialect(rawValue: 8)
        /// Comments between events.
        package static let comments = Dialect(rawValue: 16)
        /// CR LF, and no space after `data:`.
        package static let tightLines = Dialect(rawValue: 32)
        /// Packets of seven bytes.
        package static let smallPackets = Dialect(rawValue: 64)
        /// No `[DONE]`.
        package static let noDone = Dialect(rawValue: 128)
        /// No `finish_reason` anywhere; the end mark alone is the end.
        package static let noFinishReason = Dialect(rawValue: 256)
        /// The chunk with the usage has an empty choice, where others have none.
        package static let usageWithChoice = Dialect(rawValue: 512)
    }

    /// What clients must send as a bearer.
    package var apiKey: String
    /// Models that exist; empty lets any.
    package var models: Set<String>
    package var script: @Sendable (Exchange) -> Reply
    /// Before the first chunk.
    package var firstTokenDelay: Duration
    /// Before each further one.
    package var tokenDelay: Duration
    package var dialect: Dialect
    /// What happens to the first request, the second …; those after the last have no fault.
    package var faults: [Fault]

    package init(
        apiKey: String = "emulated", models: Set<String> = [], firstTokenDelay: Duration = .zero,
        tokenDelay: Duration = .zero, dialect: Dialect = [], faults: [Fault] = [],
        script: @escaping @Sendable (Exchange) -> Reply = { Reply("You said: \($0.userText). What else can I do?") }
    ) {
        self.apiKey = apiKey
        self.models = models
        self.script = script
        self.firstTokenDelay = firstTokenDelay
        self.tokenDelay = tokenDelay
        self.dialect = dialect
        self.faults = faults
    }
}
