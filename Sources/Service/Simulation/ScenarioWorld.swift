import Agent
import CallSession
import Foundation
import Store

/// What a scenario's call acts upon: a calendar and a room of its own, at a time of its own.
struct ScenarioWorld: Sendable {
    /// Monday, 23 November 2026, at nine: what the fixtures mean by "today".
    static func now(in zone: TimeZone) -> Date {
        let local = Date(timeIntervalSince1970: 1_795_424_400)
        return local.addingTimeInterval(-Double(zone.secondsFromGMT(for: local)))
    }

    let calendar: AppointmentCalendar
    let room: ThermostatRoom
    private let store: Store

    init(_ scenario: Scenario, path: String, setup: CalendarSetup, zone: TimeZone) async throws {
        store = try Store(path: path)
        calendar = AppointmentCalendar(store: store, zone: zone, now: { Self.now(in: zone) })
        room = ThermostatRoom(temperature: scenario.given.temperature)
        try await calendar.setUp(setup)
        for (index, wish) in scenario.given.appointments.enumerated() {
            guard let day = wish.date.flatMap(CalendarDay.init), let time = wish.time.flatMap(CalendarTime.init) else {
                continue
            }
            let answer = try await calendar.book(
                name: wish.name, phone: "", day: day, time: time, idempotencyKey: "given-\(index)")
            if let refusal = answer.refusal {
                throw DemoError(
                    reason: "\(scenario.name): the given appointment of \(wish) is refused: \(refusal.reason)")
            }
        }
    }

    /// The agent's tools, with those of this world in place of the service's own.
    func tools(among all: [any Tool]) -> [any Tool] {
        let own = CalendarTools.all(calendar) + room.tools
        let names = Set(own.map(\.definition.name))
        return own + all.filter { !names.contains($0.definition.name) }
    }

    /// Reads what is in the world now, and closes it.
    func close(into outcome: inout ScenarioOutcome) async throws {
        defer { try? store.close() }
        let today = calendar.now.day
        for offset in 0...370 {
            for appointment in try await calendar.appointments(on: today.adding(days: offset)) {
                outcome.appointments.append(
                    ScenarioAppointment(
                        name: appointment.name, date: "\(appointment.slot.day)", time: "\(appointment.slot.time)"))
            }
        }
        outcome.messages = try await calendar.messages().map { .init(name: $0.name, phone: $0.phone) }
        outcome.temperature = await room.temperature
    }
}
