import Agent

/// What becomes of a call that comes in, and why.
package struct InboundDecision: Sendable, Equatable {
    package enum Answer: Sendable, Equatable {
        case agent(String)
        case reply(InboundReply)
    }

    package enum Reason: String, Sendable, CaseIterable {
        /// What is called says it.
        case number
        /// A list that the caller is on.
        case list
        /// Outside of the hours.
        case closed
        case holiday
        /// The caller hides their number.
        case hidden
        /// They call too often.
        case limit
        /// No line is free.
        case overload
    }

    package var answer: Answer
    package var reason: Reason
    /// The name of the rule, of the list, or of the holiday; nil where there is none.
    package var detail: String?

    package init(_ answer: Answer, _ reason: Reason, _ detail: String? = nil) {
        self.answer = answer
        self.reason = reason
        self.detail = detail
    }
}

/// What a caller gets in place of an agent.
package enum InboundReply: Sendable, Equatable {
    case busy
    /// The carrier says it and hangs up.
    case message(SpokenMessage)
    /// The carrier sends them there.
    case forward(TransferDestination)
    /// The carrier says something and waits for a key.
    case ask(KeyQuestion)
    /// There is nothing more to say.
    case hangUp

    /// As metrics and logs name it.
    var name: String {
        switch self {
        case .busy: "busy"
        case .message: "message"
        case .forward: "number"
        case .ask: "queue"
        case .hangUp: "hang_up"
        }
    }
}

/// What a carrier says before it waits for a key, and which question it is of those to one caller.
package struct KeyQuestion: Sendable, Equatable {
    /// What the key is for: where the carrier asks then.
    package enum Subject: String, Sendable { case queue, language }

    package var subject: Subject
    /// One after the other.
    package var messages: [SpokenMessage]
    /// From the end of what is said.
    package var seconds: Int
    package var round: Int

    package init(_ subject: Subject, _ messages: [SpokenMessage], seconds: Int, round: Int) {
        self.subject = subject
        self.messages = messages
        self.seconds = seconds
        self.round = round
    }
}

/// What a carrier says in its own voice.
package struct SpokenMessage: Sendable, Equatable {
    package var text: String
    /// As carriers name it: `en-US`.
    package var language: String

    /// - Parameter text: in the message's language, if it is the usual one and that is spoken here.
    package init(_ text: String, language: String) {
        self.text = Self.usual(text, in: language)
        self.language = language
    }

    /// A text of the configuration's, in `language` where the configuration leaves it as it is.
    static func usual(_ text: String, in language: String) -> String {
        SpokenLanguage(tag: language).map { UsualSentence.inbound(text, in: $0) } ?? text
    }
}
