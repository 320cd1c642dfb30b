/// Why a mail was not sent, or may not have been.
package struct SMTPError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: Sendable, Equatable {
        /// The server was not reached, or the connection ended before the mail did: it certainly was not accepted.
        case notSent
        /// The same, and for a reason that stays: our configuration, the server's certificate, an address that is not
        /// allowed.
        case misconfigured
        /// The server refused, with a reply of 400 to 599: it certainly was not accepted.
        case refused(reply: Int)
        /// The mail had been handed over whole when the connection ended or the time was over. It may have been accepted.
        case unclear
    }

    package let code: Code
    /// The server, as host and port.
    package let server: String
    /// The server's or the library's own words.
    package let detail: String

    package init(_ code: Code, server: String, detail: String) {
        self.code = code
        self.server = server
        self.detail = detail
    }

    /// Whether trying again cannot send it twice and may help.
    package var isRetryable: Bool {
        switch code {
        case .notSent: true
        case .refused(let reply): reply < 500
        case .misconfigured, .unclear: false
        }
    }

    package var description: String {
        let outcome =
            switch code {
            case .notSent: "could not be sent"
            case .misconfigured: "cannot be sent"
            case .refused(let reply): "was refused with \(reply)"
            case .unclear: "may have been sent or not"
            }
        return "the mail \(outcome) (\(server)): \(detail)"
    }
}
