/// How records reach the store.
package struct StoreWriterOptions: Sendable, Equatable {
    /// How many records may wait in memory, 16 and up. At half of it they begin to go to the spill file.
    package var capacity: Int
    /// Records per transaction, 1...10,000.
    package var batchSize: Int
    /// How long the first record waits for company, so that a quiet service does not pay one transaction a record.
    package var linger: Duration
    /// How long an entry of a journal waits for more of its call, with which it makes one row. A process that is killed loses so
    /// much of its calls' journals, and up to half as much again, but nothing that came before a turn or a tool that is stored, and
    /// nothing of what else is handed over. Zero: not at all.
    package var journalPause: Duration
    /// Waits before each new try when another process holds the database; after the last one the batch is spilled.
    package var retryDelays: [Duration]
    /// How often a failing database is tried again.
    package var probeInterval: Duration
    /// Where records go that the database does not take; beside the database when `nil`, which takes
    /// one that is a file.
    package var spillPath: String?
    /// Size of the spill file in bytes. Reserved ahead: when the disk is full it is too late to ask for space.
    package var spillCapacity: Int

    package init(
        capacity: Int = 65_536, batchSize: Int = 500, linger: Duration = .milliseconds(20),
        journalPause: Duration = .seconds(2),
        retryDelays: [Duration] = [.milliseconds(50), .milliseconds(200), .milliseconds(800)],
        probeInterval: Duration = .seconds(1), spillPath: String? = nil, spillCapacity: Int = 16 << 20
    ) {
        self.capacity = capacity
        self.batchSize = batchSize
        self.linger = linger
        self.journalPause = journalPause
        self.retryDelays = retryDelays
        self.probeInterval = probeInterval
        self.spillPath = spillPath
        self.spillCapacity = spillCapacity
    }
}
