/// How a database is opened.
package struct StoreOptions: Sendable, Equatable {
    /// How long one operation waits for another process that writes, 0 to 60 s.
    package var busyTimeout: Duration
    /// Whether a missing file (and its directory) is made. Without it opening fails with ``StoreError/Code/missing``.
    package var createsFile: Bool
    /// The size the file may grow to, in bytes; beyond it writes fail as on a full disk. No limit when `nil`.
    package var maximumSize: Int?

    /// Whether it is only looked at: nothing is made, no step of the schema is taken, and whatever writes fails with
    /// ``StoreError/Code/notWritable``.
    package var isReadOnly: Bool

    package init(
        busyTimeout: Duration = .seconds(5), createsFile: Bool = true, maximumSize: Int? = nil, isReadOnly: Bool = false
    ) {
        self.busyTimeout = busyTimeout
        self.createsFile = createsFile
        self.maximumSize = maximumSize
        self.isReadOnly = isReadOnly
    }
}
