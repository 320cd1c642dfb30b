import CallSession
import Foundation
import HTTPTypes
import Hummingbird
import Store

/// Past calls, and those under way as far as they are stored.
extension OperatorAPI {
    var callRoutes: [APIRoute] {
        [
            APIRoute(.get, "/calls", listCalls),
            APIRoute(.get, "/calls/{id}") { _, context in
                let id = try context.parameters.require("id")
                let story = try await story(id)
                return .json(
                    CallStoryView(
                        story, isLive: board.call(id) != nil, scorecard: try await store.scorecard(ofCall: id),
                        analysis: try await store.analysis(ofCall: id)))
            },
            APIRoute(.get, "/calls/{id}/journal", journal),
            APIRoute(.get, "/calls/{id}/recording", isAudited: true) { request, context in
                let kept = try await recording(context)
                let file = RangedFile(
                    path: kept.path, type: "audio/wav", tag: kept.callID,
                    isSealed: kept.format == RecordingFormat.sealed.rawValue,
                    keys: try configuration.recordings.keys())
                return try await file.response(to: request, context)
            },
            APIRoute(.get, "/calls/{id}/waveform") { request, context in
                let buckets = try request.query.integer("buckets", in: 10...4000) ?? 800
                let kept = try await recording(context)
                return .json(
                    try await Waveform.reading(
                        path: kept.path, isSealed: kept.format == RecordingFormat.sealed.rawValue,
                        keys: try configuration.recordings.keys(), buckets: buckets))
            },
        ]
    }

    /// A call that has just begun is on the wall a moment before it is in the store.
    func story(_ id: String) async throws -> CallStory {
        // Looked at first: whatever has left the wall by then is stored.
        let live = board.call(id)
        do throws(StoreError) { return try await store.story(ofCall: id) } catch {
            guard error.code == .notFound, let live else { throw error }
            return CallStory(
                call: live.record, turns: live.turns, tools: [], recordings: [], incidents: [], journalCount: 0)
        }
    }

    private func listCalls(_ request: Request, _ context: APIContext) async throws -> Response {
        let query = request.query
        let filter = try query.callFilter()
        let cursor = try request.uri.queryParameters.get("after").map { text in
            guard let cursor = CallCursor(text) else {
                throw Problem.invalid("\"after\" must be the \"next\" of the page before.")
            }
            return cursor
        }
        let limit = try query.integer("limit", in: 1...200) ?? 50
        let page = try await store.calls(matching: filter, limit: limit, after: cursor)
        let analyses = try await store.analyses(ofCalls: page.calls.map(\.id))
        return .json(CallPageView(page, analyses: analyses, isSearch: filter.text != nil))
    }

    private func journal(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = try context.parameters.require("id")
        let limit = try request.query.integer("limit", in: 1...2000) ?? 500
        let from = try request.query.integer("from", in: 0...1_000_000_000) ?? 0
        let entries = try await store.journal(ofCall: id, from: from, limit: limit + 1)
        // Tells a call without such entries from no call.
        if entries.isEmpty { _ = try await store.story(ofCall: id) }
        return .json(JournalView(entries, limit: limit))
    }

    /// What is known of a call's recording, whose file is there.
    private func recording(_ context: APIContext) async throws -> RecordingRecord {
        let id = try context.parameters.require("id")
        guard board.call(id) == nil else {
            throw Problem.notFound("The call is still on the line; its recording is there when it has ended.")
        }
        let story = try await store.story(ofCall: id)
        guard let recording = story.recordings.first else {
            throw Problem.notFound(
                "The call has no recording; \"recordings.enabled\" says whether calls are recorded.")
        }
        // One without any samples was to be deleted, and its file could not be.
        guard
            story.call.recordingConsent?.state != RecordingConsent.State.withdrawn.rawValue
                || recording.callerSamples > 0
        else { throw Problem.notFound("The caller did not want to be recorded; the recording is given to nobody.") }
        guard FileManager.default.isReadableFile(atPath: recording.path) else {
            throw Problem.notFound("The recording's file is gone; it may have been deleted or moved.")
        }
        return recording
    }
}
