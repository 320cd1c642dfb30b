/// The values of a statement's parameters, in their order.
struct SQLValues: Sendable, ExpressibleByArrayLiteral {
    var list: [any SQLConvertible]

    init(arrayLiteral elements: any SQLConvertible...) { list = elements }

    init(_ values: [any SQLConvertible]) { list = values }

    /// Places for all of them between the brackets of `IN`; one that nothing equals where there are none, since not every
    /// engine takes empty brackets.
    var marks: String { list.isEmpty ? "NULL" : list.map { _ in "?" }.joined(separator: ", ") }

    static func + (left: SQLValues, right: SQLValues) -> SQLValues { SQLValues(left.list + right.list) }
}
