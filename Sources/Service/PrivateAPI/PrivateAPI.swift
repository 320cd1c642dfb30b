import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import ServiceLifecycle

/// The private plane: what operators and their tools ask over HTTP. ``PrivateRoutes`` says what there is besides the API
/// of ``OperatorAPI``.
///
/// Runs until graceful shutdown, after which requests under way are still answered.
package struct PrivateAPI: ServiceLifecycle.Service {
    /// Connections at a time; more wait to be accepted.
    private static let maximumConnections = 512
    /// A connection on which nothing moves for so long is closed.
    private static let idleTimeout = TimeAmount.seconds(60)

    private let configuration: ParleyConfiguration.Private
    private let readiness: Readiness
    private let metrics: PrometheusRegistry
    private let api: OperatorAPI?
    private let listening: @Sendable (_ port: Int) -> Void
    private let logger: Logger

    /// - Parameters:
    ///   - metrics: shown at `/metrics`.
    ///   - api: nil serves health and metrics only.
    ///   - listening: told the port once it is bound, which matters when the configured one is 0.
    package init(
        configuration: ParleyConfiguration.Private, readiness: Readiness, metrics: PrometheusRegistry = .shared,
        api: OperatorAPI? = nil, logger: Logger, listening: @escaping @Sendable (_ port: Int) -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.readiness = readiness
        self.metrics = metrics
        self.api = api
        self.logger = logger
        self.listening = listening
    }

    package func run() async throws {
        let (listening, host, logger) = (listening, configuration.host, logger)
        // The framework tells of its own start at info; ours names the plane.
        var quietLogger = logger
        quietLogger.logLevel = max(logger.logLevel, .warning)
        await api?.warnIfOpen()
        let application = Application(
            router: PrivateRoutes.router(readiness: readiness, metrics: metrics, api: api),
            server: .http1(configuration: HTTP1Channel.Configuration(idleTimeout: Self.idleTimeout)),
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: configuration.port),
                availableConnectionsDelegate: .maximum(Self.maximumConnections, logger: quietLogger)),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? 0
                logger.info("the private plane is listening", metadata: ["host": "\(host)", "port": "\(port)"])
                listening(port)
            },
            logger: quietLogger)
        do {
            try await application.run()
        } catch let error as IOError {
            throw ListenerError(plane: "private", host: host, port: configuration.port, detail: "\(error)")
        }
    }
}
