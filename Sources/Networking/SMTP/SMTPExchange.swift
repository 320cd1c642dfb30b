import CCurl
import Glibc

/// One mail on its way: the only owner of a curl easy handle. One thread.
@safe final class SMTPExchange {
    private let configuration: SMTPConfiguration
    private let message: [UInt8]
    private var taken = 0
    /// When curl's own waits must be over too: it says goodbye even to a server that has not answered.
    private var end = ContinuousClock.now
    /// curl has all of it: from now on the server may have the mail. Too early by what curl has not sent yet, for it
    /// does not ask again where it knows the size.
    private var isHandedOver: Bool { taken == message.count }
    /// The server has said that it has the mail.
    private var isAccepted = false
    /// The server's last line.
    private var reply = ""
    private var forbiddenAddress: String?

    private static let longestReply = 300
    /// How long the answer to our goodbye is waited for; it changes nothing.
    private static let goodbye = Duration.milliseconds(300)

    init(_ message: [UInt8], configuration: SMTPConfiguration) {
        self.message = message
        self.configuration = configuration
    }

    /// - Returns: the server's last reply.
    func perform(from sender: String, to recipient: String, deadline: Duration) throws(SMTPError) -> String {
        guard let handle = unsafe curl_easy_init() else { throw error(.notSent, "libcurl is out of memory") }
        defer { unsafe curl_easy_cleanup(handle) }
        end = .now + deadline
        guard let recipients = unsafe curl_slist_append(nil, "<\(recipient)>") else {
            throw error(.notSent, "libcurl is out of memory")
        }
        defer { unsafe curl_slist_free_all(recipients) }
        unsafe configure(handle)
        unsafe set(handle, CURLOPT_MAIL_FROM, "<\(sender)>")
        unsafe curl_set_pointer(handle, CURLOPT_MAIL_RCPT, recipients)
        unsafe curl_set_long(handle, CURLOPT_TIMEOUT_MS, Int(clamping: deadline.wholeMilliseconds))
        unsafe curl_set_long(
            handle, CURLOPT_CONNECTTIMEOUT_MS, Int(clamping: min(deadline, .seconds(5)).wholeMilliseconds))
        let result = unsafe curl_easy_perform(handle)
        var status = 0
        unsafe curl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
        if result == CURLE_OK || isAccepted { return reply }
        throw failure(result, status: status, words: unsafe String(cString: curl_easy_strerror(result)))
    }

    private func configure(_ handle: UnsafeMutableRawPointer) {
        let scheme = configuration.security == .tls ? "smtps" : "smtp"
        let host = configuration.host.contains(":") ? "[\(configuration.host)]" : configuration.host
        // What follows the slash is how we introduce ourselves; the name of this machine is nobody's business.
        unsafe set(handle, CURLOPT_URL, "\(scheme)://\(host):\(configuration.port)/localhost")
        unsafe set(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps")
        unsafe set(handle, CURLOPT_PROXY, "")
        unsafe curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
        if configuration.security == .startTLS {
            unsafe curl_set_long(handle, CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue))
        }
        unsafe curl_set_long(handle, CURLOPT_SSL_VERIFYPEER, configuration.tls.verifiesPeer ? 1 : 0)
        unsafe curl_set_long(handle, CURLOPT_SSL_VERIFYHOST, configuration.tls.verifiesPeer ? 2 : 0)
        if let file = configuration.tls.authorityFile { unsafe set(handle, CURLOPT_CAINFO, file) }
        if let user = configuration.user {
            unsafe set(handle, CURLOPT_USERNAME, user)
            unsafe set(handle, CURLOPT_PASSWORD, configuration.password)
        }
        // SAFETY: the exchange outlives the handle, which is cleaned up where it is made.
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe curl_set_long(handle, CURLOPT_UPLOAD, 1)
        unsafe curl_set_large(handle, CURLOPT_INFILESIZE_LARGE, curl_off_t(message.count))
        unsafe curl_set_pointer(handle, CURLOPT_READDATA, context)
        unsafe curl_set_function(handle, CURLOPT_READFUNCTION, exchangeSends)
        unsafe curl_set_pointer(handle, CURLOPT_HEADERDATA, context)
        unsafe curl_set_function(handle, CURLOPT_HEADERFUNCTION, exchangeReads)
        // A kept connection would be said goodbye to by a handle of curl's own, which waits for two minutes.
        unsafe curl_set_long(handle, CURLOPT_FORBID_REUSE, 1)
        unsafe curl_set_long(handle, CURLOPT_NOPROGRESS, 0)
        unsafe curl_set_pointer(handle, CURLOPT_XFERINFODATA, context)
        unsafe curl_set_progress_function(handle, exchangeGoesOn)
        unsafe curl_set_pointer(handle, CURLOPT_OPENSOCKETDATA, context)
        unsafe curl_set_socket_function(handle, exchangeOpens)
    }

    /// curl copies the string.
    private func set(_ handle: UnsafeMutableRawPointer, _ option: CURLoption, _ value: String) {
        unsafe value.withCString { _ = unsafe curl_set_pointer(handle, option, $0) }
    }

    /// Sorts how it failed. curl keeps the last reply to a command; that to the end of a mail is the one that counts.
    private func failure(_ result: CURLcode, status: Int, words: String) -> SMTPError {
        // Not where the server says that it cannot tell for now (454).
        if result == CURLE_LOGIN_DENIED, !(400...499).contains(status) {
            return error(.misconfigured, "our user or password is not accepted: \(reply)")
        }
        if (400...599).contains(status) { return error(.refused(reply: status), reply.isEmpty ? words : reply) }
        if isHandedOver { return error(.unclear, words) }
        switch result {
        case CURLE_COULDNT_CONNECT where forbiddenAddress != nil:
            return error(.misconfigured, "\(forbiddenAddress ?? "") \(AddressPolicy.refusal)")
        case CURLE_USE_SSL_FAILED:
            return error(.misconfigured, "the server offers no encryption, and nothing is sent without")
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM, CURLE_SSL_ISSUER_ERROR,
            CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL:
            return error(.misconfigured, words)
        default: return error(.notSent, words)
        }
    }

    private func error(_ code: SMTPError.Code, _ detail: String) -> SMTPError {
        SMTPError(code, server: "\(configuration.host):\(configuration.port)", detail: detail)
    }

    // MARK: What curl asks

    fileprivate func take(_ room: UnsafeMutableBufferPointer<UInt8>) -> Int {
        let piece = message[taken...].prefix(room.count)
        // SAFETY: no longer than `room`.
        _ = unsafe room.update(fromContentsOf: piece)
        taken += piece.count
        return piece.count
    }

    fileprivate func read(_ line: UnsafeBufferPointer<UInt8>) {
        let text = unsafe String(decoding: line.prefix(Self.longestReply), as: UTF8.self)
        let words = text.split { $0 == " " || $0.isNewline || $0 == "\0" }.joined(separator: " ")
        // The answer to our goodbye says nothing, and some servers send an empty line.
        guard !words.isEmpty, !words.hasPrefix("221"), !isAccepted else { return }
        reply = words
        guard isHandedOver, words.hasPrefix("250 ") else { return }
        isAccepted = true
        end = min(end, .now + Self.goodbye)
    }

    fileprivate var isOver: Bool { ContinuousClock.now >= end }

    fileprivate func open(_ address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        let (family, kind) = unsafe (address.pointee.family, address.pointee.socktype)
        let (number, length) = unsafe (address.pointee.protocol, address.pointee.addrlen)
        // SAFETY: curl keeps `addrlen` bytes from `addr` on, whatever the family.
        let text = unsafe SocketAddress.numericHost(address.pointer(to: \.addr), length: length)
        guard let text, let numeric = IPAddress(text), configuration.addresses.allows(numeric) else {
            forbiddenAddress = text ?? "an address without a numeric form"
            return CURL_SOCKET_BAD
        }
        return socket(family, kind | SocketKind.closedInPrograms, number)
    }
}

private func exchange(_ context: UnsafeMutableRawPointer?) -> SMTPExchange? {
    // SAFETY: set in `configure`; the exchange outlives curl's use of its handle.
    unsafe context.map { unsafe Unmanaged<SMTPExchange>.fromOpaque($0).takeUnretainedValue() }
}

private func exchangeOpens(
    _ context: UnsafeMutableRawPointer?, _ purpose: curlsocktype, _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
    guard let exchange = unsafe exchange(context), let address = unsafe address else { return CURL_SOCKET_BAD }
    return unsafe exchange.open(address)
}

private func exchangeSends(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let exchange = unsafe exchange(context), let bytes = unsafe bytes else { return Int(curl_read_abort) }
    return unsafe bytes.withMemoryRebound(to: UInt8.self, capacity: size * count) { room in
        unsafe exchange.take(UnsafeMutableBufferPointer(start: room, count: size * count))
    }
}

private func exchangeGoesOn(
    _ context: UnsafeMutableRawPointer?, _: curl_off_t, _: curl_off_t, _: curl_off_t, _: curl_off_t
) -> CInt {
    unsafe exchange(context)?.isOver == true ? 1 : 0
}

private func exchangeReads(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let exchange = unsafe exchange(context), let bytes = unsafe bytes else { return 0 }
    unsafe bytes.withMemoryRebound(to: UInt8.self, capacity: size * count) { line in
        unsafe exchange.read(UnsafeBufferPointer(start: line, count: size * count))
    }
    return size * count
}
