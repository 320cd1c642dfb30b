import Campaigns
import Foundation
import Networking
import Store
import Telephony
import Testing

@testable import Service

@Suite("News of a call that come after a week")
struct LateNewsTests {
    private static let week: TimeInterval = 7 * 86_400

    private func run(
        _ body: (CampaignRunner, Store, ContactRecord, _ clock: Lock<Date>) async throws -> Void
    ) async throws {
        try await QuietRunner.run { runner, store, contacts, clock in
            try await body(runner, store, try #require(contacts.first), clock)
        }
    }

    private func place(_ id: String, _ contact: ContactRecord, in store: Store, at now: Date) async throws {
        try await QuietRunner.place(id, contact, in: store, at: now)
    }

    @Test("end the attempt as they say, once, and the next one is planned from that moment")
    func first() async throws {
        try await run { runner, store, contact, clock in
            try await place("a1", contact, in: store, at: OfficeUnderTest.noon)
            let later = OfficeUnderTest.noon + Self.week
            clock.withLock { $0 = later }
            await runner.status(attempt: "a1", carrierCallID: "CA-a1", CarrierReport(status: .noAnswer))
            let ended = try #require(try await store.contact(id: contact.id))
            #expect(ended.state == .waiting)
            #expect(ended.outcome == "no_answer")
            #expect(ended.attempts == 1)
            #expect(ended.nextAt >= later + 4 * 3600)
            // Again, and other news of the same call.
            for status in [CarrierCall.Status.noAnswer, .busy, .completed, .inProgress] {
                await runner.status(attempt: "a1", carrierCallID: "CA-a1", CarrierReport(status: status))
            }
            #expect(try await store.contact(id: contact.id) == ended)
            #expect(try await store.attempts(contact: contact.id).map(\.outcome) == ["no_answer"])
        }
    }

    @Test("of an attempt that was given up change nothing: not its end, and not the call that is under way by then")
    func afterwards() async throws {
        try await run { runner, store, contact, clock in
            try await place("a1", contact, in: store, at: OfficeUnderTest.noon)
            let first = try #require(try await store.attempt(id: "a1"))
            await runner.finish(first, .failed, "the carrier does not know the call any more")
            let dueAt = OfficeUnderTest.noon + Self.week - 60
            clock.withLock { $0 = dueAt }
            try await place("a2", contact, in: store, at: dueAt)
            clock.withLock { $0 = dueAt + 60 }
            for status in [CarrierCall.Status.inProgress, .completed] {
                await runner.status(attempt: "a1", carrierCallID: "CA-a1", CarrierReport(status: status))
            }
            // The carrier asks what to say on it: it is ended, and nobody talks.
            let held = await runner.answered(attempt: "a1", carrierCallID: "CA-a1", callID: "c1")
            #expect(held == nil)
            let attempts = try await store.attempts(contact: contact.id)
            #expect(attempts.map(\.outcome) == ["failed", nil])
            #expect(attempts.map(\.state) == [.ended, .placed])
            #expect(try await store.contact(id: contact.id)?.attempts == 1)
            #expect(try await store.contact(id: contact.id)?.state == .calling)
        }
    }
}
