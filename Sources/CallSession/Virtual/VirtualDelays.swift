/// What engines take, in virtual time. The defaults are those of the embedded engines on an idle core, rounded up.
package struct VirtualDelays: Sendable, Equatable {
    /// From the input to the reply's first output.
    package var reply = Duration.milliseconds(5)
    /// A tool's.
    package var tool = Duration.milliseconds(20)
    /// From a sentence to its audio.
    package var synthesis = Duration.milliseconds(40)
    /// From the decision to hang up to the end of the line.
    package var hangUp = Duration.milliseconds(20)

    package init() {}
}
