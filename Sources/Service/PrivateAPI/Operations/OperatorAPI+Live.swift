import CallSession
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle
import Store
import Telephony

/// Calls on the line, and what an operator may do to them.
extension OperatorAPI {
    /// Characters of a sentence that an operator has said.
    static let longestSentence = 500

    var liveRoutes: [APIRoute] {
        [
            APIRoute(.get, "/live") { _, _ in
                // The place first: what happens in between is told twice rather than never.
                let place = "\(board.feed.epoch)-\(board.feed.last)"
                return .json(LiveView(calls: board.calls.map(LiveCallView.init), lastEventID: place))
            },
            APIRoute(.post, "/calls/{id}/hangup", scope: .operator) { request, context in
                try await operate(.hangUp, "hang up", request, context)
            },
            APIRoute(.post, "/live/hangup", scope: .operator, hangUpMany),
            APIRoute(.post, "/calls/{id}/transfer", scope: .operator, transfer),
            APIRoute(.post, "/calls/{id}/mute", scope: .operator) { request, context in
                let wish = try await request.object(MuteWish.self)
                context.act.tell("muted", wish.isMuted)
                return try await operate(
                    wish.isMuted ? .mute : .unmute, wish.isMuted ? "mute" : "unmute", request, context)
            },
            APIRoute(.post, "/calls/{id}/say", scope: .operator) { request, context in
                let text = try await words(request)
                let (_, session) = try await liveCall(context)
                guard await !session.isTakenOver else {
                    throw Problem.conflict(
                        "An operator speaks to the caller; POST …/handback gives the line back to the agent first.")
                }
                return try await operate(.say(text), "say", request, context)
            },
            APIRoute(.post, "/calls/{id}/recording/pause", scope: .operator) { request, context in
                try await pauseRecording(.pauseRecording, "pause recording", request, context)
            },
            APIRoute(.post, "/calls/{id}/recording/resume", scope: .operator) { request, context in
                try await pauseRecording(.resumeRecording, "resume recording", request, context)
            },
            APIRoute(.post, "/calls/{id}/whisper", scope: .operator, whisper),
            APIRoute(.get, "/calls/{id}/audio", isAudited: true, listen),
            APIRoute(.post, "/browser-calls", scope: .operator) { request, context in
                let wish = try await request.object(BrowserCallWish.self)
                let invitation = try lines.invite(agent: wish.agent, request: request)
                context.act.tell("agent", wish.agent)
                context.act.tell("call", invitation.call)
                return .json(invitation, status: .created)
            },
        ]
    }

    private struct HangUpWish: Decodable {
        /// Only calls on which this one speaks now; all calls without it.
        let agent: String?
    }

    private struct HangUps: Encodable {
        let calls: [String]
    }

    /// Ends every call on the line, or one agent's.
    private func hangUpMany(_ request: Request, _ context: APIContext) async throws -> Response {
        let agent = try await request.object(HangUpWish.self).agent
        let ids = board.calls.filter { agent == nil || $0.speaker == agent }.map(\.id)
        // One that was taken off may still be on the line.
        if let agent, ids.isEmpty, known[agent] == nil {
            throw Problem.notFound("There is no such agent; GET /api/v1/agents lists those there are.")
        }
        context.act.tell("agent", agent ?? Self.allAgents)
        var ended: [String] = []
        for id in ids {
            guard let session = desk.session(callID: id) else { continue }
            note("hang up", callID: id, context: context)
            await session.operate(.hangUp)
            ended.append(id)
        }
        context.act.tell("calls", ids: ended)
        return .json(HangUps(calls: ended), status: .accepted)
    }

    private struct TransferWish: Decodable {
        let to: String
        let say: String
    }

    private func transfer(_ request: Request, _ context: APIContext) async throws -> Response {
        let wish = try await request.object(TransferWish.self)
        let sentence = try oneLine(wish.say, "say")
        let to = wish.to.trimmingCharacters(in: .whitespaces)
        // A carrier would refuse it only after the caller was told that they are put through.
        let isAddress =
            CarrierNumber.isSIP(to)
            ? to.allSatisfy { !$0.isWhitespace } : CarrierNumber.e164(CarrierNumber.bare(to)) == to
        guard to.count <= 200, isAddress, let destination = TransferDestination(to) else {
            throw Problem.unprocessable("\"to\" must be a number such as +12125550123, or a SIP address (sip:…).")
        }
        let (_, session) = try await liveCall(context)
        guard await !session.isTakenOver else {
            throw Problem.conflict(
                "An operator speaks to the caller; POST …/handback gives the line back to the agent first.")
        }
        return try await operate(
            .transfer(destination: destination.address, saying: sentence), "transfer", request, context)
    }

    private func pauseRecording(
        _ command: OperatorCommand, _ act: String, _ request: Request, _ context: APIContext
    ) async throws -> Response {
        let (_, session) = try await liveCall(context)
        guard session.isRecordable else {
            throw Problem.conflict("The call is not recorded; \"recordings.enabled\" says whether calls are.")
        }
        return try await operate(command, act, request, context)
    }

    private struct MuteWish: Decodable {
        let isMuted: Bool
    }

    private struct Words: Decodable {
        let text: String
    }

    /// A sentence in the body, on one line.
    private func words(_ request: Request) async throws -> String {
        try oneLine(try await request.object(Words.self).text, "text")
    }

    private func oneLine(_ text: String, _ name: String) throws -> String {
        let text = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !text.isEmpty, text.count <= Self.longestSentence else {
            throw Problem.invalid("\"\(name)\" must have 1 to \(Self.longestSentence) characters.")
        }
        return text
    }

    private func whisper(_ request: Request, _ context: APIContext) async throws -> Response {
        let text = try await words(request)
        let (id, session) = try await liveCall(context)
        guard await session.whisper(text) else {
            throw Problem.unprocessable(
                "The agent on this call follows a flow, whose words are written down, so a whisper would change nothing. "
                    + "POST …/say has a sentence said to the caller; POST …/takeover gives you the line.")
        }
        note("whisper", callID: id, context: context)
        return Response(status: .accepted)
    }

    private struct BrowserCallWish: Decodable {
        let agent: String
    }

    /// One side of a call or both as they are heard, until it ends, or the listener leaves or may not listen any more.
    private func listen(_ request: Request, _ context: APIContext) async throws -> Response {
        let side = try request.query.word("side", as: LiveWAV.Side.self) ?? .both
        let (id, session) = try await liveCall(context)
        // Whoever only asks what there would be does not listen.
        if request.method == .head { return Response(status: .ok, headers: [.contentType: "audio/wav"]) }
        guard let tap = await session.listen() else {
            throw Problem.conflict("\(CallTap.most) people listen to this call already.")
        }
        note("listen", callID: id, context: context)
        let pass = self.pass(of: request)
        return Response(
            status: .ok, headers: [.contentType: "audio/wav"],
            body: ResponseBody { writer in
                try await stream(tap, side, of: session, pass: pass, to: &writer)
                try await writer.finish(nil)
            })
    }

    @concurrent private func stream(
        _ tap: CallTap, _ side: LiveWAV.Side, of session: CallSession, pass: StreamPass,
        to writer: inout any ResponseBodyWriter
    ) async throws {
        var pass = pass
        do {
            try await writer.write(ByteBuffer(bytes: LiveWAV.header))
            for await piece in tap.pieces {
                guard !Task.isShuttingDownGracefully, await pass.isGood() else { break }
                try await writer.write(ByteBuffer(bytes: LiveWAV.samples(of: piece, side: side)))
            }
        } catch {
            await session.stopListening(tap)
            throw error
        }
        await session.stopListening(tap)
    }

    func liveCall(_ context: APIContext) async throws -> (id: String, session: CallSession) {
        let id = try context.parameters.require("id")
        guard let session = desk.session(callID: id) else {
            // Throws when there is no such call.
            _ = try await store.story(ofCall: id)
            throw Problem.conflict("The call is over; GET /api/v1/live lists those on the line.")
        }
        return (id, session)
    }

    func operate(
        _ command: OperatorCommand, _ act: String, _ request: Request, _ context: APIContext
    ) async throws -> Response {
        let (id, session) = try await liveCall(context)
        note(act, callID: id, context: context)
        await session.operate(command)
        return Response(status: .accepted)
    }
}
