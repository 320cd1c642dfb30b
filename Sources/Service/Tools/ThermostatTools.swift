package import Agent

/// A simulated room with a heater, and the tools that read and set it.
///
/// Each step moves the room by up to two degrees Fahrenheit towards the target, so that an agent has to look again until
/// it is reached.
package actor ThermostatRoom {
    private(set) var temperature: Int
    private(set) var target: Int

    package init(temperature: Int = 64) {
        self.temperature = temperature
        target = temperature
    }

    func set(_ target: Int) { self.target = target }

    func step() {
        let distance = target - temperature
        temperature += distance.signum() * min(abs(distance), 2)
    }

    var reading: JSONValue { .object(["temperature": .integer(temperature), "target": .integer(target)]) }

    /// The tools over this room.
    package nonisolated var tools: [any Tool] {
        [
            ThermostatTool(name: "thermostat_read", summary: "Reads the room's temperature and target.", risk: .read) {
                room, _ in
                await room.reading
            },
            ThermostatTool(
                name: "thermostat_set", summary: "Sets the target temperature in degrees Fahrenheit.",
                risk: .reversible,
                parameters: ["target": ["type": "integer", "minimum": 45, "maximum": 90]]
            ) { room, target in
                if let target { await room.set(target) }
                return await room.reading
            },
            ThermostatTool(
                name: "thermostat_step", summary: "Waits for the heater to work for a while.", risk: .reversible
            ) { room, _ in
                await room.step()
                return await room.reading
            },
        ].map { $0.bound(to: self) }
    }
}

private struct ThermostatTool: Tool {
    typealias Act = @Sendable (ThermostatRoom, Int?) async -> JSONValue

    let definition: ToolDefinition
    private let act: Act
    private var room: ThermostatRoom?

    init(
        name: String, summary: String, risk: ToolDefinition.Risk, parameters: [String: JSONValue] = [:],
        act: @escaping Act
    ) {
        definition = ToolDefinition(
            name: name, summary: summary,
            parameters: .object([
                "type": "object", "properties": .object(parameters),
                "required": .array(parameters.keys.map(JSONValue.string)), "additionalProperties": false,
            ]), risk: risk)
        self.act = act
    }

    func bound(to room: ThermostatRoom) -> Self {
        var bound = self
        bound.room = room
        return bound
    }

    func call(_ arguments: JSONValue, context: ToolContext) async throws(ToolError) -> JSONValue {
        guard let room else { throw ToolError(.unavailable, tool: definition.name, detail: "there is no room") }
        guard case .object(let values) = arguments, case .integer(let target)? = values["target"] else {
            return await act(room, nil)
        }
        return await act(room, target)
    }
}
