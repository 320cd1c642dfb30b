import CallSession
import Foundation
import Networking
import Store
import Telephony
import Testing

@testable import Service

/// Carriers number their news, or date them, and deliver them in any order. Nothing of that is read: of a call two facts are
/// kept, that it was answered and that it is over, and each is kept once, by the first news that has it, the first not after
/// the second. No news can take either back, so that no order of them ends otherwise than another.
@Suite("News of a call in every order")
struct NewsOrderTests {
    typealias Carrier = ParleyConfiguration.CallingCarrier

    /// What a carrier tells of a call that is answered, in order.
    enum Step: Int, CaseIterable, Sendable { case initiated, ringing, answered, completed }

    /// When somebody who was on the line has gone, by our own ears.
    enum Media: CaseIterable, Sendable { case none, endsFirst, endsLast }

    private static let orders: [[Step]] = {
        func orders(of steps: [Step]) -> [[Step]] {
            guard steps.count > 1 else { return [steps] }
            return steps.flatMap { first in orders(of: steps.filter { $0 != first }).map { [first] + $0 } }
        }
        return orders(of: Step.allCases)
    }()

    /// The report that a carrier's webhook is read as.
    private static func report(_ step: Step, of carrier: Carrier, to number: String) -> CarrierReport? {
        let words = ["initiated", "ringing", "in-progress", "completed"]
        var fields = [FormBody.Field("CallStatus", words[step.rawValue])]
        switch carrier {
        case .twilio:
            fields.append(FormBody.Field("SequenceNumber", "\(step.rawValue)"))
            if step == .completed { fields.append(FormBody.Field("CallDuration", "20")) }
            return CarrierReport(FormBody(fields))
        case .signalWire: return news(SignalWireCarrier(signature: nil), FormBody(fields).encoded())
        case .telnyx: return news(TelnyxCarrier(signature: nil, codec: .pcmu), FormBody(fields).encoded())
        case .plivo: return news(PlivoCarrier(signature: nil), FormBody(fields).encoded())
        case .vonage:
            let word = ["started", "ringing", "answered", "completed"][step.rawValue]
            let body = #"{"uuid":"u","from":"12125550199","to":"\#(number.dropFirst())","status":"\#(word)"}"#
            return news(VonageCarrier(signature: nil), Array(body.utf8))
        }
    }

    private static func news(_ carrier: some WebhookCarrier, _ body: [UInt8]) -> CarrierReport? {
        carrier.news(in: HTTPRequest(method: "POST", path: "/\(carrier.name)/status", body: body))?.report
    }

    @Test("ends the attempt the same, over every carrier", arguments: Carrier.allCases)
    func everyOrder(carrier: Carrier) async throws {
        let cases = Media.allCases.flatMap { media in Self.orders.map { (media: media, order: $0) } }
        #expect(Self.orders.count == 24 && Set(Self.orders).count == 24)
        try await QuietRunner.run(contacts: cases.count) { runner, store, contacts, clock in
            for (index, contact) in contacts.enumerated() {
                let (media, order) = cases[index]
                let id = "a\(index)"
                try await QuietRunner.place(id, contact, in: store, at: OfficeUnderTest.noon)
                let answered = OfficeUnderTest.noon + Double(index) * 10
                clock.withLock { $0 = answered }
                let held = HeldCall(
                    attempt: id, reason: "caller hung up", length: .seconds(20), callerTurns: 2, answerer: .person,
                    wasAudible: true)
                if media != .none {
                    // The carrier asks what to say, and waits for it: that is no news.
                    let call = await runner.answered(attempt: id, carrierCallID: "CA-\(id)", callID: "c\(index)")
                    #expect(call != nil)
                }
                if media == .endsFirst { await runner.mediaEnded(held) }
                for step in order {
                    clock.withLock { $0 += 0.5 }
                    let report = try #require(Self.report(step, of: carrier, to: contact.number), "\(step)")
                    await runner.status(attempt: id, carrierCallID: "CA-\(id)", report)
                }
                if media == .endsLast { await runner.mediaEnded(held) }
                let attempt = try #require(try await store.attempt(id: id))
                let context = "\(media), \(order): \(attempt)"
                #expect(attempt.state == .ended, "\(context)")
                if media == .none {
                    #expect(attempt.outcome == "abandoned", "\(context)")
                } else {
                    #expect(attempt.outcome == "reached" && attempt.detail == "caller hung up", "\(context)")
                    #expect(attempt.answeredAt == answered, "\(context)")
                }
                let after = try #require(try await store.contact(id: contact.id))
                #expect(after.attempts == 1 && after.outcome == attempt.outcome, "\(context)")
            }
        }
    }
}
