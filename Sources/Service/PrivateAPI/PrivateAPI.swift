import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import Networking
import ServiceLifecycle

/// The private plane: what operators and their tools ask over HTTP. ``PrivateRoutes`` says what there is besides the API
/// of ``OperatorAPI``.
///
/// Runs until graceful shutdown, after which requests under way are still answered.
package struct PrivateAPI: ServiceLifecycle.Service {
    /// Connections at a time. For more, those make room on which nothing is under way; see ``PrivateDoor``.
    private static let maximumConnections = 512
    /// A connection is closed that has no request under way for so long, or one of which nothing more comes. Bytes of a head that
    /// is not whole are nothing; an answer that is under way, a stream of events too, may take its time.
    private static let idleTimeout = TimeAmount.seconds(30)

    private let configuration: ParleyConfiguration.Private
    private let readiness: Readiness
    private let metrics: PrometheusRegistry
    private let api: OperatorAPI?
    private let listening: @Sendable (_ port: Int) -> Void
    private let logger: Logger
    private let certificatePause: Duration
    private let door = PrivateDoor(places: PrivateAPI.maximumConnections)

    /// - Parameters:
    ///   - metrics: shown at `/metrics`.
    ///   - api: nil serves health and metrics only.
    ///   - certificatePause: between two looks at the files of the certificate.
    ///   - listening: told the port once it is bound, which matters when the configured one is 0.
    package init(
        configuration: ParleyConfiguration.Private, readiness: Readiness, metrics: PrometheusRegistry = .shared,
        api: OperatorAPI? = nil, logger: Logger, certificatePause: Duration = .seconds(30),
        listening: @escaping @Sendable (_ port: Int) -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.readiness = readiness
        self.metrics = metrics
        self.api = api
        self.logger = logger
        self.certificatePause = certificatePause
        self.listening = listening
    }

    package func run() async throws {
        let (listening, host, logger) = (listening, configuration.host, logger)
        // The framework tells of its own start at info; ours names the plane.
        var quietLogger = logger
        quietLogger.logLevel = max(logger.logLevel, .warning)
        await api?.warnIfOpen()
        // Before the files are read, so that none that come meanwhile are missed.
        let watch = configuration.tls.files.map { CertificateWatch($0, logger: logger) }
        let certificate = try certificate()
        metrics.collect { [door] in door.samples }
        let application = Application(
            router: PrivateRoutes.router(
                readiness: readiness, metrics: metrics, api: api, isSecure: certificate != nil),
            server: HTTPServerBuilder { [door] in
                PrivateChannel(
                    responder: $0, idleTimeout: Self.idleTimeout, door: door, certificate: certificate)
            },
            configuration: ApplicationConfiguration(address: .hostname(host, port: configuration.port)),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? 0
                let scheme = certificate == nil ? "http" : "https"
                logger.info(
                    "the private plane is listening",
                    metadata: ["host": "\(host)", "port": "\(port)", "scheme": "\(scheme)"])
                listening(port)
            },
            logger: quietLogger)
        try await withThrowingTaskGroup { group in
            if let certificate, let watch {
                group.addTask { [certificatePause] in
                    var watch = watch
                    await watch.run(pause: certificatePause) { try certificate.renew() }
                }
            }
            defer { group.cancelAll() }
            do {
                try await application.run()
            } catch let error as IOError {
                throw ListenerError(plane: "private", host: host, port: configuration.port, detail: "\(error)")
            }
        }
    }

    /// What is shown to whoever connects; nil where it is plain HTTP.
    private func certificate() throws -> PrivateCertificate? {
        guard let files = configuration.tls.files else { return nil }
        do {
            return try PrivateCertificate(files)
        } catch {
            throw ListenerError(
                plane: "private", host: configuration.host, port: configuration.port, detail: "\(error)",
                remedy: "`private.tls.certificate` and `private.tls.key` must fit together, in PEM")
        }
    }
}
