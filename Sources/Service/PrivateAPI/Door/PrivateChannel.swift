import HummingbirdCore
import Logging
import NIOCore
import NIOSSL

/// HTTP/1.1 behind a ``PrivateDoor``, over TLS with the certificate of the moment where there is one; the framework's own
/// channel keeps the one it began with.
struct PrivateChannel: ServerChildChannel {
    private let base: HTTP1Channel
    private let door: PrivateDoor
    private let certificate: PrivateCertificate?

    /// - Parameter certificate: nil for plain HTTP.
    init(
        responder: @escaping HTTPChannelHandler.Responder, idleTimeout: TimeAmount, door: PrivateDoor,
        certificate: PrivateCertificate?
    ) {
        base = HTTP1Channel(
            responder: { (request, writer: consuming ResponseWriter, channel) in
                var request = request
                let watch = door.begin(request, on: channel)
                defer { door.end(watch, on: channel) }
                if let watch { request.body = door.paced(request.body, watch) }
                try await responder(request, writer, channel)
            }, configuration: HTTP1Channel.Configuration(idleTimeout: idleTimeout))
        self.door = door
        self.certificate = certificate
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        channel.eventLoop.makeCompletedFuture {
            guard let certificate else { return }
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: certificate.context))
        }.flatMap { base.setup(channel: channel, logger: logger) }
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async {
        door.enter(value.channel)
        await base.handle(value: value, logger: logger)
        door.leave(value.channel)
    }
}
