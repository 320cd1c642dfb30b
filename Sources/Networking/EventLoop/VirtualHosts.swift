import CUV
import CWebSockets
import Glibc

/// The only owner of an `lws_context` and its virtual hosts: one for plain text, one for each server certificate, one
/// for outgoing TLS.
///
/// Virtual hosts are kept until the context goes: closing one would close every connection on it.
@safe final class VirtualHosts {
    private let context: OpaquePointer
    /// Copied by libwebsockets when a host is made, but the names in it stay ours.
    private let protocols: UnsafeMutablePointer<lws_protocols>
    private let defaultName: UnsafeMutablePointer<CChar>
    /// The subprotocol just agreed on. libwebsockets matches an offer against its protocols' names and echoes the match,
    /// so the name of the second protocol is written here right before each handshake.
    private let agreedName: UnsafeMutablePointer<CChar>
    /// Carries everything that is not TLS.
    let plain: OpaquePointer
    private var servers: [ServerTLSConfiguration: OpaquePointer] = unsafe [:]
    private var client: OpaquePointer?
    private let clientTLS: ClientTLSConfiguration
    private let name: String

    /// Serializes making and destroying contexts, which touch OpenSSL's and libwebsockets' process-wide state. Holds
    /// whether libwebsockets has prepared OpenSSL, which only the first context may do: it takes a new slot for its data
    /// each time, and handshakes under way on other threads would look into the wrong one.
    private static let processWide = Lock(false)
    private static let agreedNameCapacity = 128

    init(owner: EventLoop, loop: UnsafeMutablePointer<uv_loop_t>) throws(NetworkError) {
        name = owner.name
        clientTLS = owner.configuration.clientTLS
        unsafe defaultName = strdup("parley")
        unsafe agreedName = .allocate(capacity: Self.agreedNameCapacity)
        unsafe agreedName.initialize(repeating: 0, count: Self.agreedNameCapacity)
        unsafe protocols = .allocate(capacity: 3)
        for index in 0..<3 {
            var entry = unsafe lws_protocols()
            unsafe entry.name = UnsafePointer(index == 0 ? defaultName : agreedName)
            unsafe entry.callback = webSocketsCallback
            unsafe entry.rx_buffer_size = Self.receiveBytes
            unsafe entry.tx_packet_size = 1 << 20
            unsafe (protocols + index).initialize(to: index < 2 ? entry : lws_protocols())
        }
        let made = unsafe Self.makeContext(owner: owner, loop: loop, protocols: protocols)
        guard let made = unsafe made else {
            unsafe Self.free(protocols: protocols, defaultName: defaultName, agreedName: agreedName)
            throw NetworkError(
                .unavailable, operation: "lws_create_context", subject: owner.name,
                detail: "libwebsockets could not start; is its libuv plugin (libwebsockets-evlib-uv) installed?")
        }
        unsafe context = made.context
        unsafe plain = made.plain
    }

    /// libwebsockets picks a host by the `Host` header, which we write.
    static let plainName: StaticString = "plain"
    /// Bytes read from a socket at a time; a longer message reaches us in several pieces.
    private static let receiveBytes = 4096

    private static func makeContext(
        owner: EventLoop, loop: UnsafeMutablePointer<uv_loop_t>, protocols: UnsafeMutablePointer<lws_protocols>
    ) -> (context: OpaquePointer, plain: OpaquePointer)? {
        unsafe processWide.withLock { isOpenSSLPrepared in
            lws_set_log_level(0, nil)
            var info = unsafe lws_context_creation_info()
            unsafe info.options =
                UInt64(LWS_SERVER_OPTION_LIBUV) | UInt64(LWS_SERVER_OPTION_EXPLICIT_VHOSTS)
                | UInt64(LWS_SERVER_OPTION_VALIDATE_UTF8)
            if !isOpenSSLPrepared { unsafe info.options |= UInt64(LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT) }
            // SAFETY: the thread of `owner` holds it for longer than the context lives.
            unsafe info.user = Unmanaged.passUnretained(owner).toOpaque()
            unsafe info.pt_serv_buf_size = 16384
            unsafe info.max_http_header_data2 = UInt32(clamping: min(owner.configuration.maximumHeaderBytes, 65_535))
            // Half a second late, so that our own sweep answers 408 first.
            unsafe info.timeout_secs = UInt32(clamping: owner.configuration.handshakeTimeout.wholeSeconds + 1)
            var foreign: UnsafeMutableRawPointer? = UnsafeMutableRawPointer(loop)
            let context = unsafe withUnsafeMutablePointer(to: &foreign) { foreign in
                unsafe info.foreign_loops = foreign
                return unsafe lws_create_context(&info)
            }
            guard let context = unsafe context else { return nil }
            isOpenSSLPrepared = true
            unsafe info.options = UInt64(LWS_SERVER_OPTION_VALIDATE_UTF8)
            let plain = unsafe makeHost(context, &info, plainName, protocols, keepAlive: owner)
            guard let plain = unsafe plain else {
                unsafe lws_context_destroy(context)
                unsafe uv_run(loop, UV_RUN_DEFAULT)
                unsafe lws_context_destroy(context)
                return nil
            }
            return unsafe (context, plain)
        }
    }

    private static func makeHost(
        _ context: OpaquePointer, _ info: inout lws_context_creation_info, _ name: StaticString,
        _ protocols: UnsafeMutablePointer<lws_protocols>, keepAlive owner: EventLoop
    ) -> OpaquePointer? {
        // SAFETY: a static string's bytes live for ever; libwebsockets keeps the pointer.
        unsafe info.vhost_name = UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
        // We accept connections ourselves: libwebsockets shares a port only between its own threads, of which Debian's
        // build has one.
        unsafe info.port = CONTEXT_PORT_NO_LISTEN_SERVER
        unsafe info.protocols = UnsafePointer(protocols)
        unsafe info.keepalive_timeout = CInt(clamping: owner.configuration.keepAliveTimeout.wholeSeconds)
        unsafe info.timeout_secs_ah_idle = UInt32(clamping: owner.configuration.handshakeTimeout.wholeSeconds)
        unsafe info.retry_and_idle_policy = noValidityChecks
        return unsafe lws_create_vhost(context, &info)
    }

    var contextPointer: OpaquePointer { unsafe context }

    // MARK: Choosing

    /// The host for connections accepted with that certificate, or in plain text.
    func server(_ tls: ServerTLSConfiguration?, owner: EventLoop) throws(NetworkError) -> OpaquePointer {
        guard let tls else { return unsafe plain }
        if let known = unsafe servers[tls] { return unsafe known }
        for file in [tls.certificateFile, tls.privateKeyFile] where unsafe access(file, R_OK) != 0 {
            throw NetworkError(.invalidArgument, operation: "listen", subject: file, detail: "the file cannot be read")
        }
        let host = unsafe Self.processWide.withLock { _ in
            unsafe tls.certificateFile.withCString { certificate in
                unsafe tls.privateKeyFile.withCString { key in
                    var info = unsafe lws_context_creation_info()
                    unsafe info.options =
                        UInt64(LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT) | UInt64(LWS_SERVER_OPTION_VALIDATE_UTF8)
                        | UInt64(LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS)
                    unsafe info.ssl_cert_filepath = certificate
                    unsafe info.ssl_private_key_filepath = key
                    return unsafe withHTTP1(&info) { info in
                        unsafe Self.makeHost(context, &info, "tls", protocols, keepAlive: owner)
                    }
                }
            }
        }
        guard let host = unsafe host else {
            throw NetworkError(
                .invalidArgument, operation: "listen", subject: tls.certificateFile,
                detail: "OpenSSL does not accept this certificate and key; do they belong together?")
        }
        unsafe servers[tls] = host
        return unsafe host
    }

    /// Reads the files of a certificate again, for handshakes from now on.
    func renew(_ tls: ServerTLSConfiguration) {
        guard unsafe servers[tls] != nil else { return }
        _ = Self.processWide.withLock { _ in
            unsafe lws_tls_cert_updated(context, tls.certificateFile, tls.privateKeyFile, nil, 0, nil, 0)
        }
    }

    /// The host for outgoing connections.
    func outgoing(isTLS: Bool, owner: EventLoop) throws(NetworkError) -> OpaquePointer {
        guard isTLS else { return unsafe plain }
        if let client = unsafe client { return unsafe client }
        if let file = clientTLS.authorityFile, unsafe access(file, R_OK) != 0 {
            throw NetworkError(.invalidArgument, operation: "connect", subject: file, detail: "the file cannot be read")
        }
        let host = unsafe Self.processWide.withLock { _ in
            var info = unsafe lws_context_creation_info()
            unsafe info.options =
                UInt64(LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT) | UInt64(LWS_SERVER_OPTION_VALIDATE_UTF8)
            return unsafe withHTTP1(&info) { info in
                guard let file = clientTLS.authorityFile else {
                    return unsafe Self.makeHost(context, &info, "client", protocols, keepAlive: owner)
                }
                return unsafe file.withCString { file in
                    unsafe info.client_ssl_ca_filepath = file
                    return unsafe Self.makeHost(context, &info, "client", protocols, keepAlive: owner)
                }
            }
        }
        guard let host = unsafe host else {
            throw NetworkError(
                .unavailable, operation: "connect", subject: name, detail: "OpenSSL could not prepare outgoing TLS")
        }
        unsafe client = host
        return unsafe host
    }

    var verifiesPeers: Bool { clientTLS.verifiesPeer }

    /// Whether a certificate has to be compared with a numeric address, which libwebsockets does not do.
    func verifiesAddress(of target: WebSocketTarget) -> Bool {
        target.isTLS && verifiesPeers && SocketAddress.isNumeric(target.host)
    }

    /// Without this OpenSSL would offer HTTP/2, which carries WebSockets differently.
    private func withHTTP1<Result>(
        _ info: inout lws_context_creation_info, _ body: (inout lws_context_creation_info) -> Result
    ) -> Result {
        let name: StaticString = "http/1.1"
        // SAFETY: a static string's bytes live for ever.
        unsafe info.alpn = UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
        return unsafe body(&info)
    }

    // MARK: Subprotocols

    /// Makes the next accepted handshake agree on `subprotocol`.
    func agree(on subprotocol: String) {
        var index = 0
        for byte in subprotocol.utf8.prefix(Self.agreedNameCapacity - 1) {
            unsafe agreedName[index] = CChar(bitPattern: byte)
            index += 1
        }
        unsafe agreedName[index] = 0
    }

    // MARK: Ending

    func beginDestroy() {
        // Not under the lock: this calls back for every socket still open.
        unsafe lws_context_destroy(context)
    }

    func finishDestroy() {
        Self.processWide.withLock { _ in unsafe lws_context_destroy(context) }
        unsafe Self.free(protocols: protocols, defaultName: defaultName, agreedName: agreedName)
    }

    private static func free(
        protocols: UnsafeMutablePointer<lws_protocols>, defaultName: UnsafeMutablePointer<CChar>,
        agreedName: UnsafeMutablePointer<CChar>
    ) {
        unsafe protocols.deallocate()
        unsafe Glibc.free(defaultName)
        unsafe agreedName.deallocate()
    }
}

/// We ping idle peers ourselves; libwebsockets would otherwise ping every socket on its own clock. Never freed.
// SAFETY: written once, before anybody has the pointer, and only read from then on.
private nonisolated(unsafe) let noValidityChecks: UnsafePointer<lws_retry_bo_t> = {
    let policy = UnsafeMutablePointer<lws_retry_bo_t>.allocate(capacity: 1)
    unsafe policy.initialize(to: lws_retry_bo_t())
    return unsafe UnsafePointer(policy)
}()
