import CallSession
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle

/// What happens, as it happens: server-sent events.
extension OperatorAPI {
    /// A reader gets what is new so often; a burst costs it one write.
    static let beat = Duration.milliseconds(100)
    /// Beats between two comments that keep proxies from closing a silent connection.
    private static let beatsOfSilence = 150

    var eventRoutes: [APIRoute] {
        [
            APIRoute(.get, "/events") { request, context in
                let callID = try request.query.text("call", upTo: 64)
                let showsLevels = try request.query.flag("levels") ?? false
                let seen = try request.query.text("after", upTo: 64)
                let start = place(request.headers[.lastEventID] ?? seen)
                let pass = self.pass(of: request)
                return Response(
                    status: .ok,
                    headers: [.contentType: "text/event-stream", .cacheControl: "no-store", .xAccelBuffering: "no"],
                    body: ResponseBody { writer in
                        try await stream(
                            from: start, callID: callID, showsLevels: showsLevels, pass: pass, to: &writer)
                        try await writer.finish(nil)
                    })
            }
        ]
    }

    private enum Place {
        case after(Int)
        /// The reader's place is of another run of the service.
        case lost
    }

    /// Where a reader that has seen the event `id` goes on; one that has seen none begins now.
    private func place(_ id: String?) -> Place {
        guard let id, !id.isEmpty else { return .after(board.feed.last) }
        let parts = id.split(separator: "-")
        guard parts.count == 2, parts[0] == board.feed.epoch, let number = Int(parts[1]), number >= 0 else {
            return .lost
        }
        return .after(number)
    }

    @concurrent private func stream(
        from start: Place, callID: String?, showsLevels: Bool, pass: StreamPass,
        to writer: inout any ResponseBodyWriter
    ) async throws {
        var pass = pass
        let feed = board.feed
        var place = 0
        var text = "retry: 1000\n\n"
        switch start {
        case .after(let number): place = number
        case .lost:
            place = feed.last
            text += "event: reset\ndata: {}\nid: \(feed.epoch)-\(place)\n\n"
        }
        var silent = 0
        var known = ToldPlace(place)
        // Ends when the reader leaves (writing fails), may not read any more, or the service stops.
        while !Task.isShuttingDownGracefully, !Task.isCancelled, await pass.isGood() {
            let reading = feed.read(after: place)
            if reading.missed > 0 { text += "event: overflow\ndata: {\"missed\":\(reading.missed)}\n\n" }
            for event in reading.events where callID == nil || event.callID == callID {
                text += "id: \(feed.epoch)-\(event.number)\nevent: \(event.kind)\ndata: \(event.data)\n\n"
                known.told(event.number)
            }
            place = reading.place
            if showsLevels { text += levels(of: callID) }
            silent += 1
            if callID != nil, known.isDue(at: place) {
                // An event without data: browsers note its id and tell nobody (HTML, "Interpreting an event stream").
                text += "id: \(feed.epoch)-\(place)\n\n"
            }
            if text.isEmpty, silent >= Self.beatsOfSilence { text = ": still here\n\n" }
            if !text.isEmpty {
                try await writer.write(ByteBuffer(string: text))
                text = ""
                silent = 0
            }
            try? await Task.sleep(for: Self.beat)
        }
    }

    /// How loud the calls are: of the moment, so it has no id and is never told later.
    private func levels(of callID: String?) -> String {
        let levels = desk.sessions.filter { callID == nil || $0.id == callID }.map { session in
            let now = session.levels.now
            return "\"\(session.id)\":[\(now.caller),\(now.agent)]"
        }
        return levels.isEmpty ? "" : "event: levels\ndata: {\(levels.joined(separator: ","))}\n\n"
    }
}

extension HTTPField.Name {
    /// Tells a proxy to pass on what comes at once.
    fileprivate static let xAccelBuffering = Self("X-Accel-Buffering")!
}
