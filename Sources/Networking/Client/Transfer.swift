import CCurl
import CUV
import Glibc

/// The only owner of a curl easy handle: one request under way. The client's thread only.
///
/// Its address is curl's callback context: unretained, because `TransferEngine.transfers` holds it until the handle is
/// out of the multi handle, after which curl calls back no more.
@safe final class Transfer {
    let exchange: HTTPExchange
    let handle: UnsafeMutableRawPointer
    private let metrics: HTTPClientMetrics
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private var head: ResponseHeadReader
    /// [ns on uv's clock]
    private let start: UInt64
    private var lastProgress: UInt64
    private var hasBody = false
    private var isPaused = false
    /// How much of a body that must not be repeated curl has taken.
    private var bytesSent = 0
    private let addresses: AddressPolicy
    /// An address that the policy forbids and that the transfer would have gone to.
    private var forbiddenAddress: String?

    init(
        exchange: HTTPExchange, configuration: HTTPClientConfiguration, metrics: HTTPClientMetrics
    ) throws(NetworkError) {
        guard let handle = unsafe curl_easy_init() else {
            throw exchange.error(.unavailable, "libcurl is out of memory")
        }
        self.exchange = exchange
        unsafe self.handle = handle
        self.metrics = metrics
        addresses = configuration.addresses
        head = ResponseHeadReader(limit: configuration.maximumHeaderBytes)
        start = uv_hrtime()
        lastProgress = start
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe curl_set_pointer(handle, CURLOPT_PRIVATE, context)
        unsafe curl_set_pointer(handle, CURLOPT_WRITEDATA, context)
        unsafe curl_set_pointer(handle, CURLOPT_HEADERDATA, context)
        unsafe curl_set_function(handle, CURLOPT_WRITEFUNCTION, transferReceivedBody)
        unsafe curl_set_function(handle, CURLOPT_HEADERFUNCTION, transferReceivedHeader)
        if addresses != .any {
            unsafe curl_set_pointer(handle, CURLOPT_OPENSOCKETDATA, context)
            unsafe curl_set_socket_function(handle, transferOpensSocket)
        }
        try configure(configuration)
    }

    deinit {
        unsafe curl_easy_cleanup(handle)
        unsafe curl_slist_free_all(headerList)
    }

    private func configure(_ configuration: HTTPClientConfiguration) throws(NetworkError) {
        let request = exchange.request
        guard request.url.hasPrefix("http://") || request.url.hasPrefix("https://") else {
            throw exchange.error(.invalidArgument, "the address must be an http:// or https:// URL")
        }
        set(CURLOPT_URL, request.url)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        // Otherwise curl would use SIGALRM.
        unsafe curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
        unsafe curl_set_long(
            handle, CURLOPT_CONNECTTIMEOUT_MS, Int(clamping: request.deadlines.connect.wholeMilliseconds))
        unsafe curl_set_long(handle, CURLOPT_TCP_KEEPALIVE, 1)
        unsafe curl_set_long(handle, CURLOPT_SSL_VERIFYPEER, configuration.tls.verifiesPeer ? 1 : 0)
        unsafe curl_set_long(handle, CURLOPT_SSL_VERIFYHOST, configuration.tls.verifiesPeer ? 2 : 0)
        if let file = configuration.tls.authorityFile { set(CURLOPT_CAINFO, file) }
        set(CURLOPT_USERAGENT, configuration.userAgent)
        switch configuration.proxy {
        case .environment: break
        case .none: set(CURLOPT_PROXY, "")
        case .url(let url): set(CURLOPT_PROXY, url)
        }
        setMethod(request)
        setHeaders(request)
    }

    private func setMethod(_ request: HTTPClientRequest) {
        if !request.body.isEmpty || ["POST", "PUT", "PATCH"].contains(request.method) {
            unsafe curl_set_large(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count))
            if request.mayBeRepeated || request.body.isEmpty { copyBody(request) } else { offerBodyOnce() }
            if request.method != "POST" { set(CURLOPT_CUSTOMREQUEST, request.method) }
        } else if request.method == "HEAD" {
            unsafe curl_set_long(handle, CURLOPT_NOBODY, 1)
        } else if request.method != "GET" {
            set(CURLOPT_CUSTOMREQUEST, request.method)
        }
        // On a new connection curl repeats nothing; a body guards itself, see `offerBodyOnce`.
        if !request.mayBeRepeated, request.body.isEmpty { unsafe curl_set_long(handle, CURLOPT_FRESH_CONNECT, 1) }
    }

    private func copyBody(_ request: HTTPClientRequest) {
        unsafe request.body.withUnsafeBytes { bytes in
            // curl copies an empty body too, but not from nil.
            _ = unsafe curl_set_pointer(
                handle, CURLOPT_COPYPOSTFIELDS, bytes.baseAddress ?? UnsafeRawPointer(handle))
        }
    }

    /// Keeps curl from sending the request again by itself.
    ///
    /// It does so, whatever the method, when a kept connection closes before any byte of an answer: it takes that for a
    /// connection that was closed while idle, but the peer may as well have acted and died. No option forbids it. A
    /// body that cannot be rewound does: curl then fails with `CURLE_SEND_FAIL_REWIND`. A connection of which nothing
    /// but the header lines left is tried anew, and rightly: nobody acts on a request without its body. So connections
    /// are kept and used here too, which saves a handshake for every request.
    private func offerBodyOnce() {
        unsafe curl_set_long(handle, CURLOPT_POST, 1)
        unsafe curl_set_pointer(handle, CURLOPT_READDATA, Unmanaged.passUnretained(self).toOpaque())
        unsafe curl_set_function(handle, CURLOPT_READFUNCTION, transferSendsBody)
        unsafe curl_set_seek_function(handle) { _, _, _ in CURL_SEEKFUNC_FAIL }
    }

    private func setHeaders(_ request: HTTPClientRequest) {
        // Waiting for "100 Continue" would cost a round trip.
        var lines = ["Expect:"]
        if !request.headers.contains(where: { $0.0.lowercased() == "content-type" }) { lines.append("Content-Type:") }
        // A header with an empty value needs curl's own notation.
        for (name, value) in request.headers { lines.append(value.isEmpty ? "\(name);" : "\(name): \(value)") }
        for line in lines { unsafe headerList = curl_slist_append(headerList, line) }
        unsafe curl_set_pointer(handle, CURLOPT_HTTPHEADER, headerList)
    }

    /// curl copies the string.
    private func set(_ option: CURLoption, _ value: String) {
        unsafe value.withCString { _ = unsafe curl_set_pointer(handle, option, $0) }
    }

    /// The transfer of a handle that `init` made.
    static func of(_ handle: UnsafeMutableRawPointer) -> Transfer? {
        var context: UnsafeMutablePointer<CChar>?
        unsafe curl_get_pointer(handle, CURLINFO_PRIVATE, &context)
        guard let context = unsafe context else { return nil }
        // SAFETY: set in `init`.
        return unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    }

    /// Opens the socket for an address, unless the policy forbids it.
    fileprivate func openSocket(_ address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        let (family, kind) = unsafe (address.pointee.family, address.pointee.socktype)
        let (number, length) = unsafe (address.pointee.protocol, address.pointee.addrlen)
        // SAFETY: curl keeps `addrlen` bytes from `addr` on, whatever the family.
        let text = unsafe SocketAddress.numericHost(address.pointer(to: \.addr), length: length)
        guard let text, let numeric = IPAddress(text), addresses.allows(numeric) else {
            forbiddenAddress = text ?? "an address without a numeric form"
            return CURL_SOCKET_BAD
        }
        return socket(family, kind | SocketKind.closedInPrograms, number)
    }

    fileprivate func sendBody(_ room: UnsafeMutableBufferPointer<UInt8>) -> Int {
        let piece = exchange.request.body[bytesSent...].prefix(room.count)
        // SAFETY: no longer than `room`.
        _ = unsafe room.update(fromContentsOf: piece)
        bytesSent += piece.count
        return piece.count
    }

    // MARK: Receiving

    fileprivate func receivedHeader(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
        switch unsafe head.read(line) {
        case .more: return true
        case .tooLarge: return false
        case .complete(let head):
            lastProgress = uv_hrtime()
            exchange.received(head)
            return true
        }
    }

    /// - Returns: whether the bytes were taken; otherwise the transfer pauses.
    fileprivate func receivedBody(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        lastProgress = uv_hrtime()
        hasBody = true
        guard unsafe exchange.received(bytes) else {
            isPaused = true
            metrics.pauses.add()
            return false
        }
        metrics.bytesReceived.add(bytes.count)
        return true
    }

    /// The reader has made room.
    func resume() {
        guard isPaused else { return }
        isPaused = false
        lastProgress = uv_hrtime()
        unsafe curl_easy_pause(handle, CURLPAUSE_CONT)
    }

    // MARK: Deadlines

    var nextDeadline: UInt64 {
        let deadlines = exchange.request.deadlines
        let total = start + deadlines.total.wholeNanoseconds
        if isPaused { return total }
        let progress =
            hasBody
            ? lastProgress + deadlines.betweenChunks.wholeNanoseconds : start + deadlines.firstByte.wholeNanoseconds
        return min(total, progress)
    }

    func passedDeadline(at time: UInt64) -> NetworkError? {
        guard time >= nextDeadline else { return nil }
        let deadlines = exchange.request.deadlines
        if time >= start + deadlines.total.wholeNanoseconds {
            return exchange.error(.deadlineExceeded, "total: not complete within \(deadlines.total)")
        }
        return hasBody
            ? exchange.error(.deadlineExceeded, "betweenChunks: nothing for \(deadlines.betweenChunks)")
            : exchange.error(.deadlineExceeded, "firstByte: no body within \(deadlines.firstByte)")
    }

    // MARK: Outcome

    var reusedConnection: Bool {
        var connects = 0
        unsafe curl_get_long(handle, CURLINFO_NUM_CONNECTS, &connects)
        return connects == 0
    }

    func failure(for result: CURLcode) -> NetworkError? {
        if result == CURLE_OK {
            // curl is content with a status line, whatever of the header lines is missing behind it.
            return head.isComplete ? nil : exchange.error(.connectionLost, "the answer ends within its header lines")
        }
        let words = unsafe String(cString: curl_easy_strerror(result))
        switch result {
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: return exchange.error(.invalidArgument, words)
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: return exchange.error(.nameNotResolved, words)
        case CURLE_COULDNT_CONNECT where forbiddenAddress != nil:
            return exchange.error(
                .invalidArgument,
                "\(forbiddenAddress ?? "") \(AddressPolicy.refusal)")
        case CURLE_COULDNT_CONNECT: return exchange.error(.connectFailed, words)
        case CURLE_OPERATION_TIMEDOUT:
            return exchange.error(
                .deadlineExceeded, "connect: not connected within \(exchange.request.deadlines.connect)")
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM,
            CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR:
            return exchange.error(.tlsFailed, words)
        case CURLE_WRITE_ERROR: return exchange.error(.limitExceeded, "the answer's headers are too large")
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING:
            return exchange.error(.protocolViolation, words)
        default: return exchange.error(.connectionLost, words)
        }
    }
}

private func transfer(_ context: UnsafeMutableRawPointer?) -> Transfer? {
    // SAFETY: set in `Transfer.init`; the transfer outlives curl's use of its handle.
    unsafe context.map { unsafe Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
}

private func transferOpensSocket(
    _ context: UnsafeMutableRawPointer?, _ purpose: curlsocktype, _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
    guard let transfer = unsafe transfer(context), let address = unsafe address else { return CURL_SOCKET_BAD }
    return unsafe transfer.openSocket(address)
}

private func transferSendsBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let transfer = unsafe transfer(context), let bytes = unsafe bytes else { return Int(curl_read_abort) }
    return unsafe bytes.withMemoryRebound(to: UInt8.self, capacity: size * count) { room in
        unsafe transfer.sendBody(UnsafeMutableBufferPointer(start: room, count: size * count))
    }
}

private func transferReceivedHeader(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let transfer = unsafe transfer(context), let bytes = unsafe bytes else { return 0 }
    return unsafe bytes.withMemoryRebound(to: UInt8.self, capacity: size * count) { line in
        unsafe transfer.receivedHeader(UnsafeBufferPointer(start: line, count: size * count)) ? size * count : 0
    }
}

private func transferReceivedBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let transfer = unsafe transfer(context), let bytes = unsafe bytes else { return 0 }
    return unsafe bytes.withMemoryRebound(to: UInt8.self, capacity: size * count) { piece in
        unsafe transfer.receivedBody(UnsafeBufferPointer(start: piece, count: size * count))
            ? size * count : Int(curl_write_pause)
    }
}
