import CWebSockets

extension LoopCore {
    /// Resolves the name off the loop, then connects. The open deadline includes the look-up.
    func lookUpAndConnect(_ attempt: ConnectAttempt) {
        let id = nextConnectionID()
        pendingLookups[id] = attempt
        let loop = owner
        resolver.resolve(attempt.target.host) { outcome in
            loop.post { loop.currentCore?.lookedUp(id, outcome) }
        }
    }

    private func lookedUp(_ id: UInt64, _ outcome: NameResolver.Outcome) {
        guard let attempt = pendingLookups.removeValue(forKey: id) else { return }
        switch outcome {
        case .failure(let words):
            attempt.handler.closed(nil, reason: .failure(attempt.error(.nameNotResolved, words)))
        case .addresses(let addresses):
            attempt.addresses = addresses
            connectNext(attempt)
        }
    }

    /// Ends look-ups that take too long, or all of them when the loop ends. Their results are ignored.
    func checkLookups(now: UInt64) {
        for (id, attempt) in pendingLookups where isShuttingDown || now >= attempt.deadline {
            pendingLookups[id] = nil
            let error =
                isShuttingDown
                ? attempt.error(.cancelled, "the loop is shutting down")
                : attempt.error(.deadlineExceeded, "the name was not resolved within \(attempt.request.openTimeout)")
            attempt.handler.closed(nil, reason: .failure(error))
        }
    }

    /// Begins a connection to the attempt's next address.
    func connectNext(_ attempt: ConnectAttempt) {
        guard !attempt.addresses.isEmpty else {
            return attempt.handler.closed(
                nil, reason: .failure(attempt.error(.connectFailed, "no address answers")))
        }
        let address = attempt.addresses.removeFirst()
        let connection = WebSocketConnection(core: self, attempt: attempt, remoteAddress: address)
        let host: OpaquePointer
        do throws(NetworkError) {
            unsafe host = try hosts.outgoing(isTLS: attempt.target.isTLS, owner: owner)
        } catch {
            return attempt.handler.closed(nil, reason: .failure(error))
        }
        add(connection, id: connection.id, isAccepted: false)
        unsafe connection.connect(attempt, address: address, host: host, context: hosts.contextPointer)
    }
}

extension WebSocketConnection {
    fileprivate func connect(_ attempt: ConnectAttempt, address: String, host: OpaquePointer, context: OpaquePointer) {
        let target = attempt.target
        let offered = attempt.request.subprotocols.joined(separator: ",")
        var flags: CInt = 0
        if target.isTLS {
            flags = CInt(bitPattern: LCCSCF_USE_SSL.rawValue)
            // `appendHeaders` compares the address instead, before anything is sent.
            if core.hosts.verifiesAddress(of: target) {
                flags |= CInt(bitPattern: LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK.rawValue)
            }
            if !core.hosts.verifiesPeers {
                flags |= CInt(
                    bitPattern: LCCSCF_ALLOW_SELFSIGNED.rawValue | LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK.rawValue
                        | LCCSCF_ALLOW_EXPIRED.rawValue | LCCSCF_ALLOW_INSECURE.rawValue)
            }
        }
        // libwebsockets copies every string during the call.
        let started = unsafe address.withCString { address in
            unsafe target.path.withCString { path in
                unsafe target.hostHeader.withCString { name in
                    unsafe offered.withCString { offered in
                        unsafe "http/1.1".withCString { alpn in
                            unsafe "parley".withCString { local in
                                var info = unsafe lws_client_connect_info()
                                unsafe info.context = context
                                unsafe info.vhost = host
                                unsafe info.address = address
                                unsafe info.port = CInt(target.port)
                                unsafe info.path = path
                                unsafe info.host = name
                                unsafe info.protocol = attempt.request.subprotocols.isEmpty ? nil : offered
                                unsafe info.local_protocol_name = local
                                unsafe info.alpn = alpn
                                unsafe info.ssl_connection = flags
                                unsafe info.ietf_version_or_minus_one = -1
                                unsafe info.opaque_user_data = opaque
                                unsafe info.pwsi = withUnsafeMutablePointer(to: &handle) { unsafe $0 }
                                return unsafe lws_client_connect_via_info(&info)
                            }
                        }
                    }
                }
            }
        }
        if unsafe started == nil {
            // Nothing was called back, and nothing will be unless `LWS_CALLBACK_WSI_DESTROY` already was.
            attempt.failure = attempt.failure ?? attempt.error(.connectFailed, "the connection could not be begun")
            destroyed()
        }
    }
}
