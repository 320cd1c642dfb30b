import Agent

/// A room that warms by one degree a step.
actor FakeThermostat {
    var temperature = 66
    var target = 66
    var steps = 0
    var isStuck = false
    var isReachable = true

    func stick() { isStuck = true }
    func unplug() { isReachable = false }

    nonisolated var tools: [any Tool] {
        [
            tool("thermostat_read", .read, [:]), tool("thermostat_set", .reversible, ["target": ["type": "number"]]),
            tool("thermostat_step", .reversible, [:]),
        ]
    }

    private nonisolated func tool(
        _ name: String, _ risk: ToolDefinition.Risk, _ properties: [String: JSONValue]
    ) -> any Tool {
        let schema: JSONValue = [
            "type": "object", "properties": .object(properties),
            "required": .array(properties.keys.map(JSONValue.string)),
        ]
        return FakeTool(
            definition: ToolDefinition(name: name, summary: name, parameters: schema, risk: risk)
        ) { arguments, _ throws(ToolError) in
            try await self.run(name, arguments)
        }
    }

    private func run(_ tool: String, _ arguments: JSONValue) throws(ToolError) -> JSONValue {
        guard isReachable else { throw ToolError(.unavailable, tool: tool, detail: "no answer from the room") }
        switch tool {
        case "thermostat_set": target = arguments["target"]?.integer ?? target
        case "thermostat_step":
            steps += 1
            if !isStuck { temperature += (target - temperature).signum() }
        default: break
        }
        return ["temperature": .integer(temperature), "target": .integer(target)]
    }
}
