/// How much of a program is waited for.
package struct ProcessLimits: Sendable, Equatable {
    /// From its start to its end.
    package var time: Duration
    /// Bytes that it may write to its output, and as many again to its errors.
    package var output: Int

    package init(time: Duration, output: Int) {
        self.time = time
        self.output = output
    }
}
