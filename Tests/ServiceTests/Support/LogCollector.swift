import Logging
import Networking

/// Keeps what was logged as lines: `level message key=value …`.
final class LogCollector: Sendable {
    private let kept = Lock<[String]>([])

    var lines: [String] { kept.withLock { $0 } }

    func contains(_ parts: String...) -> Bool {
        lines.contains { line in parts.allSatisfy(line.contains) }
    }

    var logger: Logger {
        Logger(label: "test") { _ in Handler(collector: self) }
    }

    private struct Handler: LogHandler {
        let collector: LogCollector
        var logLevel = Logger.Level.info
        var metadata: Logger.Metadata = [:]

        init(collector: LogCollector) { self.collector = collector }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            let words = all.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
            collector.kept.withLock { $0.append("\(event.level) \(event.message)\(words)") }
        }
    }
}
