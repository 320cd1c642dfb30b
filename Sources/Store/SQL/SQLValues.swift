/// The values of a statement's parameters, in their order.
struct SQLValues: Sendable, ExpressibleByArrayLiteral {
    var list: [any SQLConvertible]

    init(arrayLiteral elements: any SQLConvertible...) { list = elements }

    init(_ values: [any SQLConvertible]) { list = values }

    static func + (left: SQLValues, right: SQLValues) -> SQLValues { SQLValues(left.list + right.list) }
}
