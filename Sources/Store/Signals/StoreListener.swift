import Foundation

/// Hears the signals of a server's database, on a connection and a thread of its own. A connection that is lost is made
/// anew, with growing pauses; after that everything is taken for signalled, since something may have been missed.
package final class StoreListener: @unchecked Sendable {
    // @unchecked: the state is touched with the lock held.
    /// For the page of metrics.
    package struct Metrics: Sendable, Equatable {
        package var isConnected = false
        /// Since the start, by signal.
        package var heard: [StoreSignal: Int] = [:]
        /// Connections that were lost or could not be made.
        package var failures = 0
    }

    /// How soon a ``close()`` is noticed.
    private static let beat = Duration.milliseconds(250)
    /// Signals that come within this time are heard together: each makes somebody look.
    private static let pause = Duration.milliseconds(5)
    private static let longestWait = Duration.seconds(30)

    private let location: PostgresLocation
    private let heard: @Sendable (StoreSignal) -> Void
    private let lock = NSLock()
    private var state = Metrics()
    private var isClosed = false

    /// Begins at once.
    init(_ location: PostgresLocation, heard: @escaping @Sendable (StoreSignal) -> Void) {
        self.location = location
        self.heard = heard
        let thread = Thread { [self] in listen() }
        thread.name = "store-signals"
        thread.start()
    }

    package var metrics: Metrics { lock.withLock { state } }

    /// Hears nothing more soon after.
    package func close() { lock.withLock { isClosed = true } }

    private var isOver: Bool { lock.withLock { isClosed } }

    private func listen() {
        var wait = Duration.milliseconds(500)
        while !isOver {
            do {
                let connection = try PostgresConnection(location)
                try connection.listen()
                wait = .milliseconds(500)
                lock.withLock { state.isConnected = true }
                tell(Set(StoreSignal.allCases))
                try follow(connection)
            } catch {
                lock.withLock {
                    state.isConnected = false
                    state.failures += 1
                }
                rest(wait)
                wait = min(wait * 2, Self.longestWait)
            }
        }
        lock.withLock { state.isConnected = false }
    }

    private func follow(_ connection: PostgresConnection) throws {
        while !isOver {
            let texts = try connection.notifications(within: Self.beat)
            let signals = Set(texts.compactMap(StoreSignal.init))
            guard !signals.isEmpty else { continue }
            lock.withLock { for signal in signals { state.heard[signal, default: 0] += 1 } }
            tell(signals)
            Thread.sleep(forTimeInterval: Self.pause / .seconds(1))
        }
    }

    private func tell(_ signals: Set<StoreSignal>) {
        for signal in signals where !isOver { heard(signal) }
    }

    private func rest(_ wait: Duration) {
        let end = ContinuousClock.now + wait
        while !isOver, ContinuousClock.now < end { Thread.sleep(forTimeInterval: min(wait, Self.beat) / .seconds(1)) }
    }
}

extension Store {
    /// Hears what other processes signal, and this one, until it is closed.
    ///
    /// - Parameter heard: called on the listener's thread; must not block.
    /// - Returns: nil where the database is in a file.
    package func listen(_ heard: @escaping @Sendable (StoreSignal) -> Void) -> StoreListener? {
        (engine as? PostgresEngine).map { StoreListener($0.pool.location, heard: heard) }
    }
}
