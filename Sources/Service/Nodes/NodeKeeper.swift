import Foundation
import Logging
import Networking
import Store

/// Says again and again that this node lives, and ends what dead nodes have left: the driver around ``NodeWatch``.
///
/// On a file there is one node: whatever another one has left there is ended at its first look.
actor NodeKeeper {
    struct Options: Sendable {
        /// Between two looks.
        var pace = Duration.seconds(3)
        /// Looks in a row at which nothing is heard of a dead node: by default it is taken for one after about 20 s.
        var patience = 7
        /// How long nodes that have ended are remembered.
        var memory = Duration.seconds(7 * 86_400)

        init() {}

        init(_ configuration: ParleyConfiguration.Node) {
            pace = configuration.beat
            patience = configuration.patience
        }
    }

    /// What this node does, for others to see.
    struct Work: Sendable {
        var calls = 0
        var hasSpilled = false
    }

    private struct Shown {
        var state = NodeRecord.State.open
        var living = 1
        var othersHaveSpilled = false
        var lost = 0
        var orphans = 0
    }

    private let store: Store
    private let options: Options
    private let work: @Sendable () -> Work
    private let webhooks: WebhookRoster
    private let now: @Sendable () -> Date
    private let logger: Logger

    private var own: NodeRecord
    private var watch: NodeWatch
    private var nextCleaning = Date.distantPast
    private var lastComplaint = ""

    private nonisolated let shown = Lock(Shown())
    private nonisolated let wakes: AsyncStream<Void>
    private nonisolated let wake: AsyncStream<Void>.Continuation

    /// - Parameters:
    ///   - id: new at every start.
    ///   - address: where carriers find its calls, as configured; nil where nobody said.
    ///   - capacity: calls at most.
    ///   - work: asked at every look.
    ///   - webhooks: who is told of calls that a dead node has left.
    init(
        store: Store, id: String, name: String = ProcessInfo.processInfo.hostName, version: String = NodeKeeper.builtAt,
        address: String? = nil, capacity: Int, options: Options = Options(), webhooks: WebhookRoster = WebhookRoster(),
        now: @escaping @Sendable () -> Date = { Date() }, logger: Logger, work: @escaping @Sendable () -> Work
    ) {
        self.store = store
        self.options = options
        self.work = work
        self.webhooks = webhooks
        self.now = now
        self.logger = logger
        own = NodeRecord(
            id: id, name: name, version: version, startedAt: now(), capacity: capacity,
            beat: Int(options.pace / .milliseconds(1)), address: address)
        watch =
            store.isShared
            ? NodeWatch(patience: options.patience, pace: options.pace) : NodeWatch(patience: 1, pace: .seconds(86_400))
        (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// When the program's file was made; tells nodes of different versions apart.
    static let builtAt: String = {
        let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let file = program.flatMap { try? FileManager.default.attributesOfItem(atPath: $0) }
        return (file?[.modificationDate] as? Date)?.formatted(.iso8601) ?? "unknown"
    }()

    /// Whether another node has records of calls that are not in the database yet.
    nonisolated var othersHaveSpilled: Bool { shown.withLock { $0.othersHaveSpilled } }

    /// For the page of metrics.
    nonisolated var samples: [PrometheusSample] {
        let shown = shown.withLock { $0 }
        return [
            .gauge("parley_nodes", shown.living), .counter("parley_nodes_lost_total", shown.lost),
            .counter("parley_calls_orphaned_total", shown.orphans),
        ]
    }

    /// This node takes no more calls from now on.
    nonisolated func drain() {
        shown.withLock { if $0.state == .open { $0.state = .draining } }
        wake.yield()
    }

    /// Makes ``run()`` return, once the registry says that this node has ended.
    nonisolated func stop() {
        shown.withLock { $0.state = .closed }
        wake.yield()
    }

    func run() async {
        await withTaskGroup { group in
            group.addTask { [wake, options] in
                repeat { wake.yield() } while (try? await Task.sleep(for: options.pace)) != nil
            }
            for await _ in wakes {
                await look()
                if own.state == .closed { break }
            }
            group.cancelAll()
        }
    }

    /// One look: tells the others how this node is, and looks how they are.
    func look() async {
        do {
            try await tell()
            guard own.state != .closed else { return }
            let nodes = try await store.livingNodes()
            shown.withLock {
                $0.living = nodes.count
                $0.othersHaveSpilled = nodes.contains { $0.id != own.id && $0.hasSpilled }
            }
            for node in watch.look(at: nodes, own: own.id) where try await store.lose(node: node, at: now()) {
                shown.withLock { $0.lost += 1 }
                logger.error(
                    "a node is not heard of any more; another one does its work",
                    metadata: ["node": "\(node.id)", "name": "\(node.name)", "calls": "\(node.calls)"])
            }
            try await endOrphans()
            if now() >= nextCleaning {
                nextCleaning = now() + 3600
                try await store.deleteNodes(endedBefore: now() - options.memory / .seconds(1))
            }
            lastComplaint = ""
        } catch {
            // Each time the same is no news.
            guard !Task.isCancelled, "\(error)" != lastComplaint else { return }
            lastComplaint = "\(error)"
            logger.error("the registry of nodes cannot be reached", metadata: ["reason": "\(error)"])
        }
    }

    private func tell() async throws {
        let work = work()
        own.state = shown.withLock { $0.state }
        own.seenAt = now()
        own.calls = work.calls
        own.hasSpilled = work.hasSpilled
        if own.state == .closed { own.endedAt = now() }
        let before = try await store.beat(own)
        own.beats += 1
        if before == .lost {
            logger.warning(
                "this node was taken for dead; what it still stores of its calls stands",
                metadata: ["node": "\(own.id)"])
        }
    }

    private func endOrphans() async throws {
        // What an earlier process could not store may hold the end of a call.
        guard store.isShared || !own.hasSpilled else { return }
        let (batch, webhooks) = (100, webhooks)
        var count = 0
        repeat {
            count = try await store.endOrphans(exceptOf: store.isShared ? nil : own.id, limit: batch) {
                webhooks.callEnded($0)
            }
            guard count > 0 else { return }
            shown.withLock { $0.orphans += count }
            logger.warning("calls ended that no node holds any more", metadata: ["count": "\(count)"])
        } while count == batch
    }
}
