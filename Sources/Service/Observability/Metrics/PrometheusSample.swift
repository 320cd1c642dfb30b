/// A value that somebody else counts, read when the page of metrics is.
package struct PrometheusSample: Sendable {
    package let name: String
    /// `counter` or `gauge`; all samples of one name have the same.
    package let kind: PrometheusKind
    package let dimensions: [(String, String)]
    package let value: Double

    private init(_ name: String, _ kind: PrometheusKind, _ dimensions: [(String, String)], _ value: Double) {
        self.name = name
        self.kind = kind
        self.dimensions = dimensions
        self.value = value
    }

    /// A value that only rises; `name` ends in `_total`.
    package static func counter(_ name: String, _ value: some BinaryInteger, dimensions: [(String, String)] = [])
        -> Self
    {
        Self(name, .counter, dimensions, Double(value))
    }

    /// A value that only rises; `name` ends in `_total`.
    package static func counter(_ name: String, _ value: Double, dimensions: [(String, String)] = []) -> Self {
        Self(name, .counter, dimensions, value)
    }

    package static func gauge(_ name: String, _ value: some BinaryInteger, dimensions: [(String, String)] = []) -> Self
    {
        Self(name, .gauge, dimensions, Double(value))
    }

    package static func gauge(_ name: String, _ value: Double, dimensions: [(String, String)] = []) -> Self {
        Self(name, .gauge, dimensions, value)
    }
}
