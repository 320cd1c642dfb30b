import Agent
import Store

/// Every tool of a service.
enum ToolCatalogue {
    /// What there is, as a configuration says. Opens the store for as long as it takes.
    static func definitions(_ configuration: ParleyConfiguration) throws -> [ToolDefinition] {
        let store = try Store(path: configuration.store.path)
        defer { try? store.close() }
        let calendar = AppointmentCalendar(store: store, zone: configuration.calendar.timeZone)
        return ParleyService.tools(calendar, ThermostatRoom()).map(\.definition)
    }
}
