/// What a program in a sandbox may use up.
package struct SandboxLimits: Sendable, Equatable {
    /// From its start to its end.
    package var time: Duration = .seconds(5)
    /// Of one process on a processor, in whole seconds.
    package var cpuSeconds = 3
    /// Of address space of one process, in bytes.
    package var memory = 256 << 20
    /// Processes and threads at a time.
    package var processes = 1
    /// Bytes of its folder for files, `/tmp`, which is memory and goes with it.
    package var files = 16 << 20
    /// Bytes of its output, and as many of its errors.
    package var output = 16 << 10

    package init() {}
}
