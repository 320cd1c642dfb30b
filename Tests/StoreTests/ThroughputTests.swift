import Foundation
import Logging
import Testing

@testable import Store

@Suite("Figures", .onBothEngines)
struct ThroughputTests {
    @Test("the writer stores 60,000 records of 20 calls; its rate is printed")
    func rate() async throws {
        let directory = try TemporaryDirectory()
        let store = try directory.store()
        let writer = try StoreWriter(
            store: store,
            options: StoreWriterOptions(capacity: 200_000, linger: .zero, spillPath: directory.file("spill")),
            logger: Logger(label: "test"))
        let records = (0..<20).flatMap { call in
            [.call(.sample("\(call)"))] + StoreWrite.journal(of: "\(call)", count: 2999)
        }
        let clock = ContinuousClock()
        let handing = clock.measure { for record in records { writer.enqueue(record) } }
        let storing = await clock.measure { await writer.close() }
        #expect(writer.metrics.written == 60_000)
        #expect(writer.metrics.dropped == 0)
        print(
            "\(Engine.current): enqueue: \(Int(handing / .nanoseconds(records.count))) ns a record;",
            "stored: \(Int(Double(records.count) / (storing / .seconds(1)))) records/s")
    }
}
