import Foundation

/// What a load cost the service, from two of its pages of metrics.
package struct ServiceShare: Sendable, Codable, Equatable {
    /// Between the pages.
    package var seconds: Double
    /// Of processor time for each second.
    package var cores: Double
    package var callsPerCore: Double
    /// MB in RAM with all lines open, and how much of it each line added.
    package var memory: Double
    package var memoryPerCall: Double
    private var memoryBefore: Double
    /// Times the service had nothing to send in the middle of a sentence.
    package var underruns: Int
    /// The parts of the time to an answer, in ms, as the service counts them: the ends of its histogram's buckets.
    package var parts: [String: Part]

    package struct Part: Sendable, Codable, Equatable {
        package var count: Int
        package var p50: Double
        package var p95: Double
        package var p99: Double
    }

    /// - Parameters:
    ///   - idle: before the first line.
    ///   - before: when all lines were open.
    ///   - after: before they were closed.
    ///   - calls: lines.
    init(idle: MetricsPage, before: MetricsPage, after: MetricsPage, seconds: Double, calls: Int) {
        self.seconds = seconds
        cores = seconds > 0 ? (after["process_cpu_seconds_total"] - before["process_cpu_seconds_total"]) / seconds : 0
        memory = after["process_resident_memory_bytes"] / 1_000_000
        memoryBefore = idle["process_resident_memory_bytes"] / 1_000_000
        underruns = Int(after["parley_playout_underruns_total"] - idle["parley_playout_underruns_total"])
        parts = [:]
        (callsPerCore, memoryPerCall) = (0, 0)
        for part in ["total", "end_of_turn", "recognition", "reply", "synthesis", "own"] {
            let key = "parley_response_seconds_bucket{part=\"\(part)\""
            let counts = after.buckets(key).map { end, count in (end, count - (idle.buckets(key)[end] ?? 0)) }
                .sorted { $0.0 < $1.0 }
            guard let total = counts.last?.1, total > 0 else { continue }
            func end(_ share: Double) -> Double {
                let wanted = Int((share * Double(total)).rounded(.up))
                let bucket = counts.first { $0.1 >= wanted }?.0 ?? .infinity
                // Beyond the last bucket nothing is known but that it is longer.
                return (bucket.isFinite ? bucket : counts.last { $0.0.isFinite }?.0 ?? 0) * 1000
            }
            parts[part] = Part(count: total, p50: end(0.5), p95: end(0.95), p99: end(0.99))
        }
        divide(among: calls)
    }

    mutating func divide(among calls: Int) {
        callsPerCore = cores > 0 ? Double(calls) / cores : 0
        memoryPerCall = calls > 0 ? (memory - memoryBefore) / Double(calls) : 0
    }
}

/// A page in Prometheus's text format.
struct MetricsPage: Sendable, Equatable {
    private let values: [(series: Substring, value: Double)]

    init(_ text: String) {
        values = text.split(separator: "\n").compactMap { line in
            guard !line.hasPrefix("#"), let space = line.lastIndex(of: " "),
                let value = Double(line[line.index(after: space)...])
            else { return nil }
            return (line[..<space], value)
        }
    }

    /// The sum of all series of a name.
    subscript(name: String) -> Double {
        values.reduce(0) { sum, one in
            one.series == name || one.series.hasPrefix(name + "{") ? sum + one.value : sum
        }
    }

    /// The buckets of a histogram: the end of each → how many values lie up to there. `prefix` is the series up to `le`.
    func buckets(_ prefix: String) -> [Double: Int] {
        var buckets: [Double: Int] = [:]
        for (series, value) in values where series.hasPrefix(prefix) {
            guard let label = series.range(of: "le=\"") else { continue }
            let end = series[label.upperBound...].prefix { $0 != "\"" }
            buckets[end == "+Inf" ? .infinity : Double(end) ?? .infinity] = Int(value)
        }
        return buckets
    }

    static func == (a: Self, b: Self) -> Bool { a.values.elementsEqual(b.values) { $0 == $1 } }
}
