/// A person's appointment.
package struct Appointment: Sendable, Equatable, Codable {
    package enum Status: String, Sendable, Codable {
        case booked, cancelled
    }

    package var id: Int
    package var slot: AppointmentSlot
    package var name: String
    package var phone: String
    package var status: Status

    package init(id: Int, slot: AppointmentSlot, name: String, phone: String, status: Status) {
        self.id = id
        self.slot = slot
        self.name = name
        self.phone = phone
        self.status = status
    }
}
