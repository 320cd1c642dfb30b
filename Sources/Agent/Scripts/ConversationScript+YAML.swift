package import Foundation
import Yams

extension ConversationScript {
    /// Reads a script.
    ///
    /// - Parameter file: the name for faults.
    /// - Throws: all its faults, with lines.
    package init(yaml bytes: Data, file: String) throws(AgentFileErrors) {
        let document = YAMLDocument(bytes: bytes, file: file)
        guard let root = document.root else { throw AgentFileErrors(document.faults) }
        var reader = AgentFileReader(file: file, faults: document.faults)
        let fields = reader.fields(
            root, of: "the script", keys: ["agent", "today", "time", "conversations"],
            required: ["agent", "today", "conversations"])
        self.file = file
        agent = reader.text(fields["agent"], "`agent`") ?? ""
        today = reader.date(fields["today"], "`today`") ?? CivilDate(dayNumber: 0)
        time = reader.time(fields["time"], "`time`") ?? ClockTime.nine
        scenes = []
        let elements = reader.elements(fields["conversations"], "`conversations`")
        if fields["conversations"] != nil, elements.isEmpty {
            reader.fault(fields["conversations"], "`conversations` is empty; write at least one")
        }
        for element in elements { scenes.append(reader.scene(element)) }
        guard reader.faults.isEmpty else { throw AgentFileErrors(reader.faults) }
    }
}

extension ClockTime {
    fileprivate static let nine = ClockTime(hour: 9, minute: 0) ?? ClockTime.midnight
}

extension AgentFileReader {
    private static let expectedKeys: Set<String> = ["says", "never_says", "calls", "never_calls"]

    fileprivate mutating func date(_ node: Node?, _ subject: String) -> CivilDate? {
        guard let text = text(node, subject) else { return nil }
        if let date = CivilDate(iso: text) { return date }
        fault(node, "\(subject) is `\(text)` but must be a date such as 2026-12-01")
        return nil
    }

    fileprivate mutating func time(_ node: Node?, _ subject: String) -> ClockTime? {
        guard let text = text(node, subject) else { return nil }
        if let time = ClockTime(text: text) { return time }
        fault(node, "\(subject) is `\(text)` but must be a time such as \"09:00\", in quotes")
        return nil
    }

    fileprivate mutating func scene(_ node: Node) -> ConversationScript.Scene {
        let keys: Set<String> = [
            "name", "caller", "parameters", "tools", "turns", "ends", "stored",
        ]
        let fields = fields(
            node, of: "a conversation", keys: keys.union(Self.expectedKeys), required: ["name", "turns"])
        var parameters: [String: String] = [:]
        for (_, name, value) in members(fields["parameters"], of: "`parameters`") {
            parameters[name] = text(value, "the parameter \(name)")
        }
        var tools: [String: [ConversationScript.ToolAnswer]] = [:]
        for (_, name, value) in members(fields["tools"], of: "`tools`") {
            let answers = value.sequence.map(Array.init) ?? [value]
            tools[name] = answers.compactMap { toolAnswer($0, tool: name) }
        }
        var stored: [String: [JSONValue]] = [:]
        for (_, table, value) in members(fields["stored"], of: "`stored`") {
            let rows = value.sequence.map(Array.init) ?? [value]
            for row in rows where row.mapping == nil {
                fault(row, "a row of \(table) must be a mapping of columns to values")
            }
            stored[table] = rows.map(JSONValue.init)
        }
        var turns: [ConversationScript.Turn] = []
        for element in elements(fields["turns"], "`turns`") {
            if let turn = turn(element) { turns.append(turn) }
        }
        return ConversationScript.Scene(
            name: text(fields["name"], "`name`") ?? "", line: node.mark?.line ?? 0,
            callerNumber: text(fields["caller"], "`caller`") ?? "", parameters: parameters, tools: tools,
            turns: turns, expected: expected(fields), ending: ending(fields["ends"]), stored: stored)
    }

    private mutating func toolAnswer(_ node: Node, tool: String) -> ConversationScript.ToolAnswer? {
        let fields = fields(node, of: "an answer of \(tool)", keys: ["result", "error", "detail"])
        switch (fields["result"], fields["error"]) {
        case (let result?, nil): return .result(JSONValue(result))
        case (nil, let error?):
            let code = choice(error, "`error` of \(tool)", as: ToolError.Code.self) ?? .unavailable
            return .error(code, detail: text(fields["detail"], "`detail`") ?? "as the script says")
        default:
            fault(node, "an answer of \(tool) needs one of result and error")
            return nil
        }
    }

    private mutating func turn(_ node: Node) -> ConversationScript.Turn? {
        let kinds = ["caller", "keys", "mumbles", "silence", "not_reached"]
        let keys = Set(kinds).union(Self.expectedKeys).union(["confidence", "model", "intent"])
        let fields = fields(node, of: "a turn", keys: keys)
        let given = kinds.filter { fields[$0] != nil }
        guard given.count == 1 else {
            fault(node, "a turn needs one of caller, keys, mumbles, silence and not_reached")
            return nil
        }
        let confidence = number(fields["confidence"], "`confidence`", in: 0...1) ?? 1
        let input: ConversationScript.Turn.Input
        switch given[0] {
        case "caller": input = .says(text(fields["caller"], "`caller`") ?? "", confidence: confidence)
        case "keys":
            let keys = text(fields["keys"], "`keys`") ?? ""
            if !keys.allSatisfy({ "0123456789*#ABCD".contains($0) }) {
                fault(fields["keys"], "`keys` may hold 0-9, *, # and A-D only; put it in quotes")
            }
            input = .keys(keys)
        case "mumbles":
            if flag(fields["mumbles"], "`mumbles`") == false { fault(fields["mumbles"], "`mumbles` must be true") }
            input = .mumbles
        case "not_reached": input = .notReached(text(fields["not_reached"], "`not_reached`") ?? "")
        default: input = .silence(integer(fields["silence"], "`silence`", in: 1...20) ?? 1)
        }
        if fields["confidence"] != nil, given[0] != "caller" {
            fault(fields["confidence"], "`confidence` belongs to what the caller says")
        }
        let model = elements(fields["model"], "`model`").compactMap { modelLine($0) }
        return ConversationScript.Turn(
            line: node.mark?.line ?? 0, input: input, model: model, expected: expected(fields),
            intent: text(fields["intent"], "`intent`"))
    }

    private mutating func modelLine(_ node: Node) -> ConversationScript.ModelLine? {
        let fields = fields(node, of: "an answer of the model", keys: ["say", "call", "fails"])
        if fields["fails"] != nil {
            return choice(fields["fails"], "`fails`", as: ModelError.Code.self).map { .fails($0) }
        }
        let calls = calls(fields["call"], "`call`")
        let say = text(fields["say"], "`say`") ?? ""
        if say.isEmpty, calls.isEmpty { fault(node, "an answer of the model needs `say`, `call` or `fails`") }
        return .answers(text: say, calls: calls)
    }

    private mutating func expected(_ fields: [String: Node]) -> ConversationScript.Expected {
        ConversationScript.Expected(
            says: texts(fields["says"], "`says`").map(\.text),
            neverSays: texts(fields["never_says"], "`never_says`").map(\.text),
            calls: calls(fields["calls"], "`calls`"),
            neverCalls: texts(fields["never_calls"], "`never_calls`").map(\.text))
    }

    /// A tool's name, a mapping of one to its arguments, or a list of these.
    private mutating func calls(_ node: Node?, _ subject: String) -> [ConversationScript.Call] {
        guard let node else { return [] }
        var calls: [ConversationScript.Call] = []
        for element in node.sequence.map(Array.init) ?? [node] {
            if element.mapping == nil {
                if let name = text(element, subject) { calls.append(.init(tool: name, arguments: .null)) }
                continue
            }
            for (_, name, value) in members(element, of: subject) {
                if value.mapping == nil, value.null == nil {
                    fault(value, "the arguments of \(name) must be a mapping")
                }
                calls.append(.init(tool: name, arguments: JSONValue(value)))
            }
        }
        return calls
    }

    private mutating func ending(_ node: Node?) -> ConversationScript.Ending? {
        guard let node else { return nil }
        if node.mapping != nil {
            let fields = fields(node, of: "`ends`", keys: ["transfer"], required: ["transfer"])
            return .transfer(text(fields["transfer"], "`transfer`"))
        }
        switch text(node, "`ends`") {
        case "hang_up": return .hangUp
        case "transfer": return .transfer(nil)
        case "open": return .open
        default:
            fault(node, "`ends` must be one of: hang_up, transfer, open; or `transfer: DESTINATION`")
            return nil
        }
    }
}
