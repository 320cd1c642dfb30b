import CallSession
import Foundation
import Logging
import Networking
import ServiceLifecycle

/// The media loops and their listener: carriers' webhooks and media sockets.
///
/// Stopping takes three steps: no new calls, time for those under way to end by themselves, then a farewell to the rest.
final class PublicPlane: ServiceLifecycle.Service {
    struct Configuration: Sendable {
        var listener: ListenerConfiguration
        /// For streams of plain TCP; nil for none.
        var streams: ListenerConfiguration?
        var loops: Int
        var isRealTime: Bool
        /// See ``EventLoopConfiguration/gather``.
        var gather: Duration
        var lateBeat: Duration
        var maximumConnections: Int
        var drainDeadline: Duration
    }

    private let configuration: Configuration
    private let desk: CallDesk
    private let logger: Logger
    private let loops: [EventLoop]
    private let makeService: @Sendable (_ port: Int) -> any ListenerService
    private let streams: any StreamService
    private let listening: @Sendable (Int, _ streamPort: Int?) -> Void

    /// - Parameters:
    ///   - makeService: given the bound port, which the answers to carriers may have to name.
    ///   - streams: who may connect to the port for streams.
    ///   - listening: told the ports once carriers can connect.
    init(
        configuration: Configuration, desk: CallDesk, logger: Logger,
        makeService: @escaping @Sendable (Int) -> any ListenerService, streams: any StreamService,
        listening: @escaping @Sendable (Int, Int?) -> Void
    ) {
        self.configuration = configuration
        self.desk = desk
        self.logger = logger
        self.makeService = makeService
        self.streams = streams
        self.listening = listening
        var options = EventLoopConfiguration()
        options.maximumConnections = configuration.maximumConnections
        options.wantsRealTime = configuration.isRealTime
        options.gather = configuration.gather
        let loops = (0..<max(configuration.loops, 1)).map {
            EventLoop(name: "media-\($0)", configuration: options, logger: logger)
        }
        self.loops = loops
        let bound = configuration.lateBeat
        desk.refuseWhile { loops.contains { $0.recentLateness > bound } }
    }

    /// What the loops have counted.
    var samples: [PrometheusSample] { loops.flatMap { PrometheusSample.loop($0.name, $0.metrics) } }

    func run() async throws {
        for loop in loops { try loop.start() }
        do {
            let watch = configuration.listener.tls.map { CertificateWatch($0, logger: logger) }
            let port = try await listen()
            let streamPort = try await listenForStreams()
            listening(port, streamPort)
            logger.info("listening", metadata: ["host": "\(configuration.listener.host)", "port": "\(port)"])
            await untilShutdown(watch)
            await drain()
        } catch {
            await stopLoops()
            throw error
        }
        await stopLoops()
    }

    /// Meanwhile a certificate that is renewed is taken up.
    private func untilShutdown(_ watch: CertificateWatch?) async {
        await withTaskGroup { group in
            if let watch, let tls = configuration.listener.tls {
                group.addTask { [loops] in
                    var watch = watch
                    await watch.run { for loop in loops { await loop.renewCertificate(tls) } }
                }
            }
            try? await gracefulShutdown()
            group.cancelAll()
        }
    }

    private func listen() async throws -> Int {
        var listener = configuration.listener
        listener.sharesPort = loops.count > 1
        // The first loop finds the port; the answer to a webhook names it, so the service is made when it is known.
        let service = LateService()
        let port = try await loops[0].listen(listener, service: service)
        service.become(makeService(port))
        listener.port = port
        for loop in loops.dropFirst() { _ = try await loop.listen(listener, service: service) }
        return port
    }

    private func listenForStreams() async throws -> Int? {
        guard var listener = configuration.streams else { return nil }
        listener.sharesPort = loops.count > 1
        do {
            listener.host = try await ListenerConfiguration.numericHost(listener.host)
            for loop in loops { listener.port = try await loop.listen(listener, streams: streams) }
        } catch {
            throw ListenerError(
                plane: "carriers.audiosocket", host: listener.host, port: listener.port, detail: "\(error.detail)")
        }
        logger.info(
            "listening for streams", metadata: ["host": "\(listener.host)", "port": "\(listener.port)"])
        return listener.port
    }

    private func drain() async {
        desk.close()
        let clock = ContinuousClock()
        let patient = clock.now + configuration.drainDeadline
        logger.info("draining", metadata: ["calls": "\(desk.liveCount)"])
        // A caller who was told to come is let in, and who waits for a line hears that there is none.
        while desk.openCount(now: .seconds(Date().timeIntervalSince1970)) + desk.waitingCount > 0, clock.now < patient,
            !Task.isCancelled
        {
            try? await Task.sleep(for: .milliseconds(100))
        }
        for session in desk.sessions { await session.drain() }
        let last = clock.now + .seconds(12)
        while desk.liveCount > 0, clock.now < last, !Task.isCancelled { try? await Task.sleep(for: .milliseconds(100)) }
    }

    private func stopLoops() async {
        for loop in loops { await loop.shutdown() }
    }
}

/// A listener's service that is known only after the listener has its port.
private final class LateService: ListenerService {
    private let service = Lock<(any ListenerService)?>(nil)

    func become(_ service: any ListenerService) { self.service.withLock { $0 = service } }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        guard let service = service.withLock({ $0 }) else { return .text("Starting.\n", status: 503) }
        return await service.respond(to: request)
    }

    func upgrade(_ request: HTTPRequest, on loop: EventLoop) -> WebSocketUpgrade {
        guard let service = service.withLock({ $0 }) else { return .refuse(.text("Starting.\n", status: 503)) }
        return service.upgrade(request, on: loop)
    }
}
