/// The values of a statement's parameters, in their order.
struct SQLValues: Sendable, ExpressibleByArrayLiteral {
    var list: [any SQLConvertible]

    init(arrayLiteral elements: any SQLConvertible...) { list = elements }

    init(_ values: [any SQLConvertible]) { list = values }

    /// Places for all of them between the brackets of `IN`; one that nothing equals where there are none, since not every
    /// engine takes empty brackets.
    var marks: String { list.isEmpty ? "NULL" : list.map { _ in "?" }.joined(separator: ", ") }

    /// Values in portions for `IN`, each filled up with its last one to one of few sizes: every size is a text that a
    /// connection keeps prepared.
    static func filled(_ values: [String], upTo most: Int) -> [SQLValues] {
        stride(from: 0, to: values.count, by: most).map { start in
            let part = values[start..<min(start + most, values.count)]
            var size = 1
            while size < part.count { size = min(size * 4, most) }
            return SQLValues(part + Array(repeating: part[part.endIndex - 1], count: size - part.count))
        }
    }

    /// Rows of one statement each, for many: a server is asked seldom, and a connection keeps few texts prepared.
    static func portions(_ count: Int) -> [Range<Int>] {
        var portions: [Range<Int>] = []
        var start = 0
        while start < count {
            let size = [64, 16, 4, 1].first { $0 <= count - start } ?? 1
            portions.append(start..<start + size)
            start += size
        }
        return portions
    }

    static func + (left: SQLValues, right: SQLValues) -> SQLValues { SQLValues(left.list + right.list) }
}
