/// What an emulated model says, how slow it is, and what goes wrong with it. The same for all protocols.
package struct ModelEmulatorConfiguration: Sendable {
    /// What the script gets to see of a request.
    package struct Exchange: Sendable {
        package var model: String
        /// What the last message of the user says.
        package var userText: String
        /// How many messages of the user there are.
        package var turn: Int
        /// What tools returned since the user's last message, in order.
        package var toolResults: [String]
        /// The names of the tools offered.
        package var tools: [String]
    }

    package struct ToolCall: Sendable {
        package var name: String
        /// JSON, an object.
        package var arguments: String

        package init(name: String, arguments: String) {
            self.name = name
            self.arguments = arguments
        }
    }

    package struct Reply: Sendable {
        package var text: String
        package var toolCalls: [ToolCall]

        package init(_ text: String, toolCalls: [ToolCall] = []) {
            self.text = text
            self.toolCalls = toolCalls
        }
    }

    /// What happens to one request.
    package enum Fault: Sendable, Equatable {
        case none
        /// Answered with this status and the vendor's error body instead; `code` is the vendor's word for the error.
        case refuse(status: Int, code: String, retryAfterMilliseconds: Int?)
        /// An error event in place of the one with this number, then the end.
        case error(afterChunks: Int)
        /// The connection breaks after this many events.
        case cut(afterChunks: Int)
        /// Nothing more comes after this many events.
        case stall(afterChunks: Int)
    }

    /// What clients must send.
    package var apiKey: String
    /// Models that exist; empty lets any.
    package var models: Set<String>
    package var script: @Sendable (Exchange) -> Reply
    /// Before the first useful event.
    package var firstTokenDelay: Duration
    /// Before each further one.
    package var tokenDelay: Duration
    /// Bytes in one packet, so that events are cut anywhere; nil sends what there is.
    package var packetSize: Int?
    /// What happens to the first request, the second …; those after the last have no fault.
    package var faults: [Fault]

    package init(
        apiKey: String = "emulated", models: Set<String> = [], firstTokenDelay: Duration = .zero,
        tokenDelay: Duration = .zero, packetSize: Int? = nil, faults: [Fault] = [],
        script: @escaping @Sendable (Exchange) -> Reply = { Reply("You said: \($0.userText). What else can I do?") }
    ) {
        self.apiKey = apiKey
        self.models = models
        self.script = script
        self.firstTokenDelay = firstTokenDelay
        self.tokenDelay = tokenDelay
        self.packetSize = packetSize
        self.faults = faults
    }
}

extension ModelEmulatorConfiguration.Reply {
    /// Words with the space before them, as tokenizers cut.
    var tokens: [String] {
        var tokens: [String] = []
        for character in text {
            if character == " " || tokens.isEmpty { tokens.append("") }
            tokens[tokens.count - 1].append(character)
        }
        return tokens
    }

    /// What the usage says.
    var tokenCount: Int { tokens.count + toolCalls.reduce(0) { $0 + $1.arguments.utf8.count / 4 + 5 } }

    /// Arguments as they are streamed.
    static func fragments(of arguments: String) -> [String] {
        var fragments: [String] = []
        var rest = Substring(arguments)
        while !rest.isEmpty {
            fragments.append(String(rest.prefix(5)))
            rest = rest.dropFirst(5)
        }
        return fragments
    }
}
