import CUV
import DequeModule
import Glibc

/// Looks host names up on threads of its own, a few at a time, so that a slow name server delays no loop.
@safe final class NameResolver: Sendable {
    /// Numeric addresses in the order to try them, or the resolver's words.
    enum Outcome: Sendable {
        case addresses([String])
        case failure(String)
    }

    private struct Lookup: Sendable {
        let host: String
        let completion: @Sendable (Outcome) -> Void
    }

    private struct State {
        var waiting = Deque<Lookup>()
        var workers = 0
        var isStopped = false
    }

    private static let maximumWorkers = 4
    private static let maximumWaiting = 256
    private let state = Lock(State())

    /// Calls `completion`, on some thread, exactly once.
    func resolve(_ host: String, completion: @escaping @Sendable (Outcome) -> Void) {
        let lookup = Lookup(host: host, completion: completion)
        enum Step { case queued, spawn, refuse(String) }
        let step = state.withLock { state -> Step in
            if state.isStopped { return .refuse("the loop is shutting down") }
            if state.waiting.count >= Self.maximumWaiting { return .refuse("too many look-ups are waiting") }
            state.waiting.append(lookup)
            guard state.workers < Self.maximumWorkers else { return .queued }
            state.workers += 1
            return .spawn
        }
        switch step {
        case .queued: break
        case .refuse(let why): completion(.failure(why))
        case .spawn: spawnWorker()
        }
    }

    /// Refuses what waits and what comes; look-ups under way still complete.
    func stop() {
        let dropped = state.withLock { state in
            state.isStopped = true
            let dropped = state.waiting
            state.waiting = []
            return dropped
        }
        for lookup in dropped { lookup.completion(.failure("the loop is shutting down")) }
    }

    private func spawnWorker() {
        let status = DetachedThread.start { [self] in work() }
        precondition(status == 0, "no thread could be made to look names up")
    }

    private func work() {
        while true {
            let next = state.withLock { state -> Lookup? in
                if let lookup = state.waiting.popFirst() { return lookup }
                state.workers -= 1
                return nil
            }
            guard let next else { return }
            next.completion(Self.lookUp(next.host))
        }
    }

    private static func lookUp(_ host: String) -> Outcome {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = SocketKind.stream
        unsafe hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        let status = unsafe getaddrinfo(host, nil, &hints, &list)
        guard status == 0 else { return unsafe .failure(String(cString: gai_strerror(status))) }
        defer { unsafe freeaddrinfo(list) }
        var addresses: [String] = []
        var entry = unsafe list
        while let current = unsafe entry {
            if let text = unsafe SocketAddress.numericHost(current.pointee.ai_addr, length: current.pointee.ai_addrlen),
                !addresses.contains(text)
            {
                addresses.append(text)
            }
            unsafe entry = current.pointee.ai_next
        }
        return addresses.isEmpty ? .failure("the name has no address") : .addresses(addresses)
    }
}
