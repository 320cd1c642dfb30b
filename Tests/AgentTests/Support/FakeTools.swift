import Agent

/// A tool whose behaviour a test writes down.
struct FakeTool: Tool {
    let definition: ToolDefinition
    let body: @Sendable (JSONValue, ToolContext) async throws(ToolError) -> JSONValue

    func call(_ arguments: JSONValue, context: ToolContext) async throws(ToolError) -> JSONValue {
        try await body(arguments, context)
    }
}

/// A clinic's calendar in memory.
actor FakeCalendar {
    struct Appointment: Equatable {
        var id: String
        var name: String
        var date: String
        var time: String
    }

    var appointments: [Appointment] = []
    var messages: [JSONValue] = []
    /// Tool → keys it was called with.
    var keys: [String: [String]] = [:]
    /// Tool → how it fails.
    var failures: [String: ToolError.Code] = [:]
    /// Date → taken times.
    var taken: [String: Set<String>] = [:]
    var fullDays: Set<String> = []

    func fail(_ tool: String, with code: ToolError.Code?) { failures[tool] = code }
    func take(_ times: Set<String>, on date: String) { taken[date] = times }
    func fill(_ date: String) { fullDays.insert(date) }
    func add(_ appointment: Appointment) { appointments.append(appointment) }

    nonisolated var tools: [any Tool] {
        let text: JSONValue = ["type": "string"]
        let date: JSONValue = ["type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}$"]
        let time: JSONValue = ["type": "string", "pattern": "^\\d{2}:\\d{2}$"]
        return [
            tool("calendar_find_slots", .read, ["date": date]),
            tool("calendar_book", .irreversible, ["name": text, "date": date, "time": time]),
            tool("calendar_find", .read, ["name": text]),
            tool("calendar_move", .irreversible, ["id": text, "date": date, "time": time]),
            tool("calendar_cancel", .irreversible, ["id": text]),
            tool("message_take", .reversible, ["name": text, "phone": text, "text": text]),
        ]
    }

    private nonisolated func tool(
        _ name: String, _ risk: ToolDefinition.Risk, _ properties: [String: JSONValue]
    ) -> any Tool {
        let schema: JSONValue = [
            "type": "object", "properties": .object(properties),
            "required": .array(properties.keys.sorted().map(JSONValue.string)), "additionalProperties": false,
        ]
        return FakeTool(
            definition: ToolDefinition(name: name, summary: name, parameters: schema, risk: risk)
        ) { arguments, context throws(ToolError) in
            try await self.run(name, arguments, context)
        }
    }

    private func run(_ tool: String, _ arguments: JSONValue, _ context: ToolContext) throws(ToolError) -> JSONValue {
        keys[tool, default: []].append(context.idempotencyKey)
        if let code = failures[tool] { throw ToolError(code, tool: tool, detail: "asked for by the test") }
        let (date, time) = (arguments["date"]?.string ?? "", arguments["time"]?.string ?? "")
        switch tool {
        case "calendar_find_slots":
            if fullDays.contains(date) { return ["slots": []] }
            let all = ["09:00", "09:30", "10:00", "10:30", "11:00", "14:00", "14:30", "15:00", "16:30"]
            return ["slots": .array(all.filter { !taken[date, default: []].contains($0) }.map(JSONValue.string))]
        case "calendar_book":
            let new = Appointment(
                id: "a\(appointments.count + 1)", name: arguments["name"]?.string ?? "", date: date, time: time)
            appointments.append(new)
            return ["id": .string(new.id), "date": .string(date), "time": .string(time)]
        case "calendar_find":
            let found = appointments.filter { $0.name == arguments["name"]?.string }
            guard !found.isEmpty else { throw ToolError(.notFound, tool: tool, detail: "no such name") }
            return [
                "appointments": .array(
                    found.map { ["id": .string($0.id), "date": .string($0.date), "time": .string($0.time)] })
            ]
        case "calendar_move":
            guard let index = appointments.firstIndex(where: { $0.id == arguments["id"]?.string }) else {
                throw ToolError(.notFound, tool: tool, detail: "no such appointment")
            }
            appointments[index].date = date
            appointments[index].time = time
            return arguments
        case "calendar_cancel":
            appointments.removeAll { $0.id == arguments["id"]?.string }
            return arguments
        default:
            messages.append(arguments)
            return ["id": "m1"]
        }
    }
}
