/// One step of a state, as written.
struct FlowStepDefinition: Sendable {
    /// Skipped unless this holds.
    var condition: FlowCondition?
    var action: Action

    enum Action: Sendable {
        /// Waits for whatever the caller wants.
        case ask(Ask)
        /// Waits until a slot is filled.
        case collect(Collect)
        /// Chooses one of a tool's results.
        case pick(Pick)
        /// Reads back and waits for a yes.
        case confirm(Confirm)
        case say([Template])
        case call(Call)
        case set(slot: String, value: Template)
        case clear([String])
        case goto(Goto)
        /// Presses keys for a menu at the other end, and waits for what comes of it.
        case press(Template)
        case transfer(destination: String, reason: String)
        case escalate(reason: String)
        case hangUp(reason: String)
    }

    struct Ask: Sendable {
        var prompts: [Template]
        var again: [Template]
        var hint: Template?
        var yes: String?
        var no: String?
        /// The state that a bare value leads to, where it can only mean one thing.
        var value: String?
        /// Intent → the state it leads to from this question, and from no other.
        var routes: [String: String] = [:]
    }

    struct Collect: Sendable {
        var slot: String
        /// Overrides the slot's own question.
        var prompts: [Template]
        /// A tool's list the value must be in.
        var among: [String]?
        /// When the value is not among them; `{offers}` is what is.
        var offer: [Template]
        /// The state to go to when the list is empty.
        var none: String?
        /// The state to go to on a plain no.
        var no: String?
    }

    struct Pick: Sendable {
        var variable: String
        /// A tool's list of objects.
        var from: [String]
        /// Which of the caller's values narrow it down, and by which member.
        var by: [(slot: String, field: String)]
        var prompts: [Template]
        /// Names one item, `{item.date}`.
        var describe: Template
        var none: String?
        var no: String?
    }

    struct Confirm: Sendable {
        var prompts: [Template]
        /// Asks what to change after a no.
        var change: Template?
        /// The state to go to after a no.
        var no: String
    }

    struct Call: Sendable {
        var tool: String
        var arguments: [String: Template]
        var save: String?
        /// The state to go to by error code; `nil` is any other.
        var failed: [ToolError.Code?: String]
    }

    struct Goto: Sendable {
        var state: String
        /// Times within one turn.
        var atMost: Int?
        var otherwise: String?
    }
}
