package import Foundation

/// A message somebody left for the clinic.
package struct CalendarMessage: Sendable, Equatable, Codable {
    package var id: Int
    package var name: String
    package var phone: String
    package var text: String
    package var takenAt: Date

    package init(id: Int, name: String, phone: String, text: String, takenAt: Date) {
        self.id = id
        self.name = name
        self.phone = phone
        self.text = text
        self.takenAt = takenAt
    }
}
