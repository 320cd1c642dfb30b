import Foundation

@testable import Store

extension CallRecord {
    /// A call that began `second` seconds after a fixed moment.
    static func sample(_ id: String, second: Int = 0) -> CallRecord {
        CallRecord(
            id: id, carrier: "twilio", carrierCallID: "CA" + id, direction: .inbound, from: "+15550001",
            to: "+15550002", agent: "receptionist", agentVersion: "1",
            startedAt: Date(timeIntervalSince1970: 1_790_000_000 + Double(second)))
    }
}

extension StoreWrite {
    /// `count` journal entries of one call.
    ///
    /// - Parameter noise: bytes of each that nothing makes shorter.
    static func journal(of call: String, count: Int, noise: Int = 0) -> [StoreWrite] {
        (0..<count).map {
            .journal(
                JournalRecord(
                    callID: call, sequence: $0, position: $0 * 160, kind: "voiceStarted",
                    payload: Data("{\"p\":0.9}".utf8) + Data((0..<noise).map { _ in UInt8.random(in: 0...255) }))
            )
        }
    }
}

extension Store {
    /// Stores writes in the order given.
    func apply(_ writes: [StoreWrite], firstRevision: Int = 1) async throws {
        try await apply(
            writes.enumerated().map { RevisedWrite(revision: firstRevision + $0.offset, write: $0.element) })
    }
}
