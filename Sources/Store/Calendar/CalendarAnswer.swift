/// What came of a wish. A refusal is an answer like another, not a failure of the calendar.
package enum CalendarAnswer<Value: Sendable>: Sendable {
    case done(Value)
    case refused(CalendarRefusal)

    package var value: Value? { if case .done(let value) = self { value } else { nil } }
    package var refusal: CalendarRefusal? { if case .refused(let refusal) = self { refusal } else { nil } }
}

extension CalendarAnswer: Equatable where Value: Equatable {}
