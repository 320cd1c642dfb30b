import Testing

@testable import Store

@Suite("What becomes of a batch that was not stored")
struct BatchVerdictTests {
    @Test(
        "depends on the error, the size and the tries so far",
        arguments: [
            (StoreError.Code.locked, 5, 1, BatchVerdict.retry(after: .milliseconds(10))),
            (.locked, 5, 2, .retry(after: .milliseconds(20))),
            (.locked, 5, 3, .spill),
            (.diskFull, 5, 1, .spill),
            (.damaged, 1, 1, .spill),
            (.notWritable, 1, 1, .spill),
            (.failed, 1, 1, .spill),
            (.rejected, 5, 1, .isolate),
            (.rejected, 1, 1, .reject),
        ])
    func verdicts(code: StoreError.Code, size: Int, tries: Int, verdict: BatchVerdict) {
        let error = StoreError(code, operation: "", subject: "", detail: "")
        let delays: [Duration] = [.milliseconds(10), .milliseconds(20)]
        #expect(BatchVerdict(error, batchSize: size, tries: tries, delays: delays) == verdict)
    }
}
