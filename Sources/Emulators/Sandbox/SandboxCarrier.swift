import Callers
import Foundation
package import Logging
package import Networking
import Telephony

/// A carrier of our own on loopback: a real one's REST interface for calls, its webhooks and its media streams, with people
/// behind the numbers who behave as configured. What Parley does with it is what it does with the real one.
///
/// Its books (``calls``) are its own, and tell what it was really asked for.
package final class SandboxCarrier: ListenerService {
    struct Books {
        var calls: [String: SandboxCall] = [:]
        var order: [String] = []
        var callsTo: [String: Int] = [:]
        var requests = 0
        var refused = 0
        var nextStart: Date = .distantPast
        var callees: [String: SandboxCallee] = [:]
        var failedCallbacks = 0
    }

    let configuration: SandboxCarrierConfiguration
    let books = Lock(Books())
    let loop: EventLoop
    private let client: HTTPClient
    private let logger: Logger
    private let starts: AsyncStream<(String, Int)>
    private let inlet: AsyncStream<(String, Int)>.Continuation

    package init(_ configuration: SandboxCarrierConfiguration = SandboxCarrierConfiguration(), logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        loop = EventLoop(name: "sandbox-carrier", logger: logger)
        client = HTTPClient(configuration: HTTPClientConfiguration(proxy: .none), logger: logger)
        (starts, inlet) = AsyncStream.makeStream(of: (String, Int).self)
    }

    /// Every call that was accepted, in order.
    package var calls: [SandboxCall] { books.withLock { books in books.order.compactMap { books.calls[$0] } } }
    /// Requests to place a call, refused ones included.
    package var requests: Int { books.withLock { $0.requests } }
    /// Webhooks that nobody answered.
    package var failedCallbacks: Int { books.withLock { $0.failedCallbacks } }

    /// Listens on 127.0.0.1.
    ///
    /// - Parameter port: 0 takes any free one.
    /// - Returns: the base address for `carriers.NAME.url`.
    package func start(port: Int = 0) async throws(NetworkError) -> String {
        try loop.start()
        return "http://127.0.0.1:\(try await loop.listen(ListenerConfiguration(port: port), service: self))"
    }

    /// Rings, connects and reports, until ``shutdown()`` or cancellation. Runs once, beside whatever it serves.
    package func run() async {
        await withDiscardingTaskGroup { group in
            for await (id, number) in starts { group.addTask { await self.carry(id, number: number) } }
            group.cancelAll()
        }
    }

    package func shutdown() async {
        inlet.finish()
        await loop.shutdown()
        await client.shutdown()
    }

    // MARK: REST

    package func respond(to request: HTTPRequest) async -> HTTPResponse {
        configuration.dialect.respond(to: request, at: desk)
    }

    package func upgrade(_ request: HTTPRequest, on loop: EventLoop) -> WebSocketUpgrade { .refuse(.status(404)) }

    private var desk: SandboxDesk {
        SandboxDesk(
            access: configuration.access,
            begin: { [self] in
                books.withLock { books in
                    defer { books.requests += 1 }
                    return books.requests
                }
            },
            refusal: { [configuration] number in
                guard case .refuse(let status) = configuration.fault(number) else { return nil }
                return status
            },
            place: { [self] number, order in place(order, number: number) },
            calls: { [self] in calls.reversed() },
            end: { [self] in end($0) })
    }

    private func place(_ order: SandboxOrder, number: Int) -> SandboxDesk.Placement {
        let call = SandboxCall(id: configuration.dialect.makeID(), order: order, created: Date())
        enter(call)
        inlet.yield((call.id, number))
        return configuration.fault(number) == .answerLost ? .answerLost : .placed(call)
    }

    func enter(_ call: SandboxCall) {
        books.withLock { books in
            books.calls[call.id] = call
            books.order.append(call.id)
        }
    }

    private func end(_ id: String) -> Bool {
        let (isLive, callee) = books.withLock { books -> (Bool, SandboxCallee?) in
            guard books.calls[id]?.status.isTerminal == false else { return (false, nil) }
            books.calls[id]?.isEndWanted = true
            return (true, books.callees[id])
        }
        callee?.hangUp()
        return isLive
    }

    func set(_ id: String, _ change: (inout SandboxCall) -> Void) {
        books.withLock { books in
            guard var call = books.calls[id] else { return }
            change(&call)
            books.calls[id] = call
        }
    }

    /// Posts a webhook; nil when nobody took it.
    func post(_ url: String, _ webhook: SandboxWebhook) async -> [UInt8]? {
        let request = HTTPClientRequest(
            method: "POST", url: url, headers: webhook.headers, body: webhook.body,
            deadlines: .init(connect: .seconds(2), firstByte: .seconds(10)))
        do {
            let response = try await client.send(request)
            let body = try await response.body.collect(upTo: 65_536)
            if (200..<300).contains(response.status) { return body }
            logger.warning("webhook refused", metadata: ["status": "\(response.status)"])
        } catch {
            logger.debug("webhook failed", metadata: ["reason": "\(error)"])
        }
        books.withLock { $0.failedCallbacks += 1 }
        return nil
    }
}
