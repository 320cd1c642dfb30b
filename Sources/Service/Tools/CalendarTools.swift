package import Agent
package import Store

/// The clinic's calendar as tools of an agent.
package enum CalendarTools {
    /// All of them, over one calendar.
    ///
    /// - Parameter mask: of what a message says.
    package static func all(
        _ calendar: AppointmentCalendar, mask: PersonalDataMask = PersonalDataMask()
    ) -> [any Tool] {
        [
            findSlots(calendar), book(calendar), find(calendar), move(calendar), cancel(calendar),
            takeMessage(calendar, mask),
        ]
    }

    private static func findSlots(_ calendar: AppointmentCalendar) -> any Tool {
        CalendarTool(
            "calendar_find_slots", "Lists the free times of a day.", risk: .read,
            parameters: ["date": .date]
        ) { arguments, _ in
            let day = try arguments.day()
            return .object([
                "date": .string("\(day)"), "slots": .times(try await calendar.freeSlots(on: day).granted()),
            ])
        }
    }

    private static func book(_ calendar: AppointmentCalendar) -> any Tool {
        CalendarTool(
            "calendar_book", "Books an appointment.", risk: .irreversible,
            parameters: ["name": .text, "date": .date, "time": .time, "phone": .text], optional: ["phone"]
        ) { arguments, key in
            let appointment = try await calendar.book(
                name: try arguments.text("name"), phone: arguments.optionalText("phone"), day: try arguments.day(),
                time: try arguments.time(), idempotencyKey: key
            ).granted()
            return .appointment(appointment)
        }
    }

    private static func find(_ calendar: AppointmentCalendar) -> any Tool {
        CalendarTool(
            "calendar_find", "Finds the coming appointments of a person.", risk: .read, parameters: ["name": .text]
        ) { arguments, _ in
            let found = try await calendar.find(name: try arguments.text("name"))
            return .object(["appointments": .array(found.map(JSONValue.appointment))])
        }
    }

    private static func move(_ calendar: AppointmentCalendar) -> any Tool {
        CalendarTool(
            "calendar_move", "Moves an appointment to another date and time.", risk: .irreversible,
            parameters: ["id": .identifier, "date": .date, "time": .time]
        ) { arguments, key in
            let appointment = try await calendar.move(
                appointment: try arguments.identifier(), day: try arguments.day(), time: try arguments.time(),
                idempotencyKey: key
            ).granted()
            return .appointment(appointment)
        }
    }

    private static func cancel(_ calendar: AppointmentCalendar) -> any Tool {
        CalendarTool(
            "calendar_cancel", "Cancels an appointment.", risk: .irreversible, parameters: ["id": .identifier]
        ) { arguments, key in
            let id = try arguments.identifier()
            return .appointment(try await calendar.cancel(appointment: id, idempotencyKey: key).granted())
        }
    }

    private static func takeMessage(_ calendar: AppointmentCalendar, _ mask: PersonalDataMask) -> any Tool {
        CalendarTool(
            "message_take", "Notes a message for the staff, who will call back.", risk: .reversible,
            parameters: ["name": .text, "phone": .text, "text": .text], optional: ["phone", "text"]
        ) { arguments, key in
            let text = mask.mask(arguments.optionalText("text"))
            let message = try await calendar.takeMessage(
                name: try arguments.text("name"), phone: arguments.optionalText("phone"),
                text: text.isEmpty ? "Please call back." : text, idempotencyKey: key
            ).granted()
            return .object(["id": .integer(message.id)])
        }
    }
}

/// One act of the calendar: its definition, and what it does with checked arguments.
private struct CalendarTool: Tool {
    enum Parameter {
        case date, time, text, identifier

        var schema: JSONValue {
            switch self {
            case .date: ["type": "string", "pattern": #"^\d{4}-\d{2}-\d{2}$"#]
            case .time: ["type": "string", "pattern": #"^\d{2}:\d{2}$"#]
            case .text: ["type": "string"]
            case .identifier: ["type": "integer", "minimum": 1]
            }
        }
    }

    let definition: ToolDefinition
    private let act: @Sendable (CalendarArguments, String) async throws -> JSONValue

    init(
        _ name: String, _ summary: String, risk: ToolDefinition.Risk, parameters: [String: Parameter],
        optional: Set<String> = [], act: @escaping @Sendable (CalendarArguments, String) async throws -> JSONValue
    ) {
        definition = ToolDefinition(
            name: name, summary: summary,
            parameters: .object([
                "type": "object", "properties": .object(parameters.mapValues(\.schema)),
                "required": .array(parameters.keys.filter { !optional.contains($0) }.sorted().map(JSONValue.string)),
                "additionalProperties": false,
            ]), risk: risk)
        self.act = act
    }

    func call(_ arguments: JSONValue, context: ToolContext) async throws(ToolError) -> JSONValue {
        do {
            return try await act(CalendarArguments(arguments), context.idempotencyKey)
        } catch let refusal as CalendarRefusal {
            throw ToolError(refusal.toolCode, tool: definition.name, detail: refusal.explanation)
        } catch let fault as CalendarArguments.Fault {
            throw ToolError(.invalidArguments, tool: definition.name, detail: fault.description)
        } catch is CancellationError {
            throw ToolError(.cancelled, tool: definition.name, detail: "the call went on without it")
        } catch {
            throw ToolError(.unavailable, tool: definition.name, detail: "\(error)")
        }
    }
}

/// Arguments of a calendar tool, read as the calendar's own types.
private struct CalendarArguments {
    struct Fault: Error, CustomStringConvertible { let description: String }

    private let values: [String: JSONValue]

    init(_ arguments: JSONValue) {
        if case .object(let values) = arguments { self.values = values } else { values = [:] }
    }

    func optionalText(_ name: String) -> String {
        if case .string(let text)? = values[name] { text } else { "" }
    }

    func text(_ name: String) throws -> String {
        let text = optionalText(name)
        guard !text.isEmpty else { throw Fault(description: "\"\(name)\" is missing") }
        return text
    }

    func day() throws -> CalendarDay {
        guard let day = CalendarDay(try text("date")) else {
            throw Fault(description: "\"date\" is no date like 2026-11-24")
        }
        return day
    }

    func time() throws -> CalendarTime {
        guard let time = CalendarTime(try text("time")) else {
            throw Fault(description: "\"time\" is no time like 10:30")
        }
        return time
    }

    func identifier() throws -> Int {
        switch values["id"] {
        case .integer(let id)?: return id
        case .string(let text)?:
            guard let id = Int(text) else { fallthrough }
            return id
        default: throw Fault(description: "\"id\" is no appointment's number")
        }
    }
}

extension CalendarRefusal: Error {
    fileprivate var toolCode: ToolError.Code {
        switch code {
        case .taken: .conflict
        case .unknownAppointment: .notFound
        case .closed, .past, .outsideHours, .incomplete: .invalidArguments
        }
    }

    fileprivate var explanation: String {
        guard !alternatives.isEmpty else { return reason }
        return reason + " Free: " + alternatives.map { "\($0.day) \($0.time)" }.joined(separator: ", ") + "."
    }
}

extension CalendarAnswer {
    /// What was wished for, or the refusal as an error.
    fileprivate func granted() throws -> Value {
        switch self {
        case .done(let value): return value
        case .refused(let refusal): throw refusal
        }
    }
}

extension JSONValue {
    fileprivate static func times(_ slots: [AppointmentSlot]) -> JSONValue {
        .array(slots.map { .string("\($0.time)") })
    }

    fileprivate static func appointment(_ appointment: Appointment) -> JSONValue {
        .object([
            "id": .integer(appointment.id), "name": .string(appointment.name),
            "date": .string("\(appointment.slot.day)"), "time": .string("\(appointment.slot.time)"),
        ])
    }
}
