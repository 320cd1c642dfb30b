/// What campaigns and the store cost on this machine.
package struct ScaleReport: Sendable, Encodable {
    /// `sqlite` or `postgres`.
    package var engine = ""
    package var rows = 0
    package var added = 0
    package var duplicates = 0
    package var rejected = 0
    package var rowsPerSecond = 0.0
    /// Of this process while rows were imported.
    package var importCPUMicrosecondsPerRow = 0.0
    /// MB that this process had resident at most while rows were imported, and how much of it was there before.
    package var importPeakMemory = 0.0
    package var memoryBefore = 0.0
    /// The longest that another write took while rows were imported, in ms, and the median.
    package var longestWriteDuringImport = 0.0
    package var medianWriteDuringImport = 0.0
    /// Bytes of the database for each contact, with its consent.
    package var bytesPerContact = 0
    package var decisions = 0
    /// With everything the gate asks, and the intent on the disk.
    package var decisionsPerSecond = 0.0
    package var decisionCPUMicroseconds = 0.0
    package var calls = 0
    /// Rows that a call hands to the writer.
    package var writesPerCall = 0
    package var writesPerSecond = 0.0
    /// Of this process; a server's own is not in it.
    package var callCPUMilliseconds = 0.0
    package var bytesPerCall = 0
    package var droppedWrites = 0
}
