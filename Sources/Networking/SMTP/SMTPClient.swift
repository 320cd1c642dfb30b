import CCurl
import Dispatch
import Synchronization

/// Hands mails to a mail server: one connection for each.
package final class SMTPClient: Sendable {
    private let configuration: SMTPConfiguration
    private let concurrent: Int
    private let running = Atomic<Int>(0)
    private let queue = DispatchQueue(label: "parley.smtp", attributes: .concurrent)

    /// - Parameter concurrent: mails under way at a time; further ones fail at once.
    package init(_ configuration: SMTPConfiguration, concurrent: Int = 4) {
        precondition(HTTPClientThread.isCurlReady, "libcurl could not start")
        self.configuration = configuration
        self.concurrent = concurrent
    }

    /// Sends one mail, once. Cancelling the task does not interrupt it: what became of a mail must be known.
    ///
    /// - Parameters:
    ///   - sender: the envelope's, an address without a name.
    ///   - recipient: likewise.
    ///   - message: head and body, lines ending with CR LF.
    ///   - deadline: for everything, from the look-up of the name to the server's last reply.
    /// - Returns: the server's last reply, which often names the mail in its queue.
    package func send(
        _ message: [UInt8], from sender: String, to recipient: String, deadline: Duration
    ) async throws(SMTPError) -> String {
        let server = "\(configuration.host):\(configuration.port)"
        guard running.wrappingAdd(1, ordering: .relaxed).newValue <= concurrent else {
            running.wrappingSubtract(1, ordering: .relaxed)
            throw SMTPError(.notSent, server: server, detail: "\(concurrent) mails are under way already")
        }
        defer { running.wrappingSubtract(1, ordering: .relaxed) }
        let result: Result<String, SMTPError> = await withCheckedContinuation { continuation in
            queue.async { [configuration] in
                let exchange = SMTPExchange(message, configuration: configuration)
                continuation.resume(
                    returning: Result { () throws(SMTPError) in
                        try exchange.perform(from: sender, to: recipient, deadline: deadline)
                    })
            }
        }
        return try result.get()
    }
}
