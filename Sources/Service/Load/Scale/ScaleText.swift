import Foundation

extension ScaleReport {
    /// For people.
    package var text: String {
        func number(_ value: Double, _ digits: Int = 0) -> String {
            value.formatted(
                .number.precision(.fractionLength(digits)).grouping(.never).locale(Locale(identifier: "en")))
        }
        return """
            engine     \(engine)
            contacts   \(rows) rows, \(number(rowsPerSecond)) a second (\(number(importCPUMicrosecondsPerRow)) µs CPU each): \
            \(added) added, \(duplicates) duplicates, \(rejected) rejected; \(bytesPerContact) bytes each
            memory     \(number(importPeakMemory)) MB at most, \(number(memoryBefore)) MB before
            meanwhile  a write took \(number(medianWriteDuringImport, 1)) ms (median), \
            \(number(longestWriteDuringImport, 1)) ms at most
            decisions  \(decisions), \(number(decisionsPerSecond)) a second (\(number(decisionCPUMicroseconds)) µs CPU each)
            calls      \(calls) of \(writesPerCall) writes, \(number(writesPerSecond)) writes a second: \
            \(number(callCPUMilliseconds, 2)) ms CPU and \(bytesPerCall) bytes a call, \(droppedWrites) writes lost
            """
    }
}
