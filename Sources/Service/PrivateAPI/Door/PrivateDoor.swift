import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import Networking

/// Who may be connected to the private plane.
///
/// When all places are taken, a connection on which nothing is under way makes room for a new one; see
/// ``SilentConnections``. Any thread.
final class PrivateDoor: Sendable {
    /// After an answer, for what of the request's body nobody read.
    private static let leftoverTime = Duration.seconds(30)
    /// For the body of a sign-in: a key or a name and a password fit into one packet, and nobody has shown yet who they
    /// are.
    static let signInPatience = Duration.seconds(5)
    /// After that, so that one of which bytes still come is answered 408 first.
    private static let grace = Duration.milliseconds(500)

    private struct Guest {
        let channel: any Channel
        /// Requests that came on it.
        var requests = 0
        /// Which of them was answered before its body was read; nil where the last one's was.
        var leftover: Int?
        /// Whether the end of that is being waited for.
        var isTimed = false
    }

    private struct State {
        var guests: [ObjectIdentifier: Guest] = [:]
        var silent = SilentConnections<ObjectIdentifier>()
        var closed = 0
        var refused = 0
        var slowBodies = 0
    }

    private let state = Lock(State())
    /// Connections at a time.
    private let places: Int
    private let patience: Duration
    private let now: @Sendable () -> ContinuousClock.Instant

    /// - Parameters:
    ///   - places: connections at a time.
    ///   - patience: how long a body may take of which little comes; see ``BodyPace``.
    init(
        places: Int, patience: Duration = BodyPace.usualPatience,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.places = places
        self.patience = patience
        self.now = now
    }

    // MARK: Connections

    /// Takes in a new connection, for which an older one may have to go. It is closed itself where none can.
    func enter(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        let leaving = state.withLock { state -> (any Channel)? in
            var leaving: (any Channel)?
            if state.guests.count >= places {
                guard let oldest = state.silent.makeRoom() else {
                    state.refused += 1
                    return channel
                }
                state.closed += 1
                leaving = state.guests.removeValue(forKey: oldest)?.channel
            }
            state.guests[id] = Guest(channel: channel)
            state.silent.waits(id, hasAsked: false)
            return leaving
        }
        leaving?.close(mode: .all, promise: nil)
    }

    /// Once a connection is closed.
    func leave(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        state.withLock { state in
            state.guests[id] = nil
            state.silent.isBusy(id)
        }
    }

    // MARK: Requests

    /// A whole head came.
    ///
    /// - Returns: where its body is; nil where it has none.
    func begin(_ request: Request, on channel: any Channel) -> BodyWatch? {
        let id = ObjectIdentifier(channel)
        let number = state.withLock { state -> Int in
            state.guests[id]?.requests += 1
            state.silent.isBusy(id)
            return state.guests[id]?.requests ?? 0
        }
        let hasBody =
            request.headers[.contentLength].map { $0 != "0" } ?? (request.headers[.transferEncoding] != nil)
        guard hasBody else { return nil }
        guard Self.isSignIn(request.method, request.uri.path), Self.signInPatience < patience else {
            return BodyWatch(patience: patience, now: now)
        }
        let watch = BodyWatch(patience: Self.signInPatience, now: now)
        look(at: watch, of: number, on: channel)
        return watch
    }

    static func isSignIn(_ method: HTTPRequest.Method, _ path: String) -> Bool {
        method == .post && path.split(separator: "/").elementsEqual(["api", "v1", "session"])
    }

    /// Closes the connection when a body is late of which nothing more comes, whose pace nobody would look at.
    private func look(at watch: BodyWatch, of request: Int, on channel: any Channel) {
        channel.eventLoop.scheduleTask(in: TimeAmount(max(watch.timeLeft, .zero) + Self.grace)) { [weak self] in
            self?.timeIsUp(watch, of: request, on: channel)
        }
    }

    private func timeIsUp(_ watch: BodyWatch, of request: Int, on channel: any Channel) {
        guard !watch.hasEnded else { return }
        let isLate = watch.timeLeft < .zero
        let isWaiting = state.withLock { state -> Bool in
            // One that was answered has its own time for the rest.
            guard let guest = state.guests[ObjectIdentifier(channel)], guest.requests == request, guest.leftover == nil
            else { return false }
            if isLate { state.slowBodies += 1 }
            return true
        }
        guard isWaiting else { return }
        guard isLate else { return look(at: watch, of: request, on: channel) }
        channel.close(mode: .all, promise: nil)
    }

    /// The body of a request, which may not take for ever.
    func paced(_ body: RequestBody, _ watch: BodyWatch) -> RequestBody {
        RequestBody(
            asyncSequence: PacedBody(body, watch: watch) { [self] in state.withLock { $0.slowBodies += 1 } })
    }

    /// The request is answered.
    func end(_ watch: BodyWatch?, on channel: any Channel) {
        let id = ObjectIdentifier(channel)
        let isUnread = watch.map { !$0.hasEnded } ?? false
        let timed = state.withLock { state -> Int? in
            guard var guest = state.guests[id] else { return nil }
            state.silent.waits(id, hasAsked: true)
            guest.leftover = isUnread ? guest.requests : nil
            let begins = isUnread && !guest.isTimed
            if begins { guest.isTimed = true }
            state.guests[id] = guest
            return begins ? guest.requests : nil
        }
        if let timed, let watch { close(channel, ifStillAt: timed, after: min(watch.patience, Self.leftoverTime)) }
    }

    /// Closes it after a while, unless another request came: each byte of an old one's body would put the end of an idle
    /// connection off.
    private func close(_ channel: any Channel, ifStillAt request: Int, after time: Duration = PrivateDoor.leftoverTime)
    {
        channel.eventLoop.scheduleTask(in: TimeAmount(time)) { [weak self] in
            self?.leftoverTimeEnded(channel, of: request)
        }
    }

    private func leftoverTimeEnded(_ channel: any Channel, of request: Int) {
        let id = ObjectIdentifier(channel)
        let waitsFor = state.withLock { state -> Int? in
            guard let guest = state.guests[id], let leftover = guest.leftover, leftover == guest.requests else {
                state.guests[id]?.isTimed = false
                return nil
            }
            return leftover
        }
        guard let waitsFor else { return }
        guard waitsFor == request else { return close(channel, ifStillAt: waitsFor) }
        channel.close(mode: .all, promise: nil)
    }

    var samples: [PrometheusSample] {
        let (open, closed, refused, slow) = state.withLock { ($0.guests.count, $0.closed, $0.refused, $0.slowBodies) }
        return [
            .gauge("parley_private_connections", open),
            .counter("parley_private_connections_displaced_total", closed),
            .counter("parley_private_connections_refused_total", refused),
            .counter("parley_private_slow_bodies_total", slow),
        ]
    }
}
