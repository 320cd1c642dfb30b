package import AudioCore

/// Whoever takes a call over, as the call sees them: their voice comes in, the caller's goes out.
package final class OperatorLeg: Sendable {
    /// What the operator says, µ-law at 8 kHz. Written on their connection's loop, read on the call's. Holds a second; what
    /// does not fit is dropped and counted there.
    package let inlet: SampleRing<UInt8>
    /// Whether what they say becomes text in the call's record.
    let isRecognized: Bool
    /// Given what the caller says, µ-law at 8 kHz. Called on the call's loop; must not block.
    let hear: @Sendable (_ audio: [UInt8]) -> Void
    /// Told once that the line is no longer theirs, and why. Called on the call's loop; must not block.
    let end: @Sendable (_ reason: String) -> Void

    package init(
        inlet: SampleRing<UInt8> = makeInlet(), isRecognized: Bool = true, hear: @escaping @Sendable ([UInt8]) -> Void,
        end: @escaping @Sendable (String) -> Void
    ) {
        self.inlet = inlet
        self.isRecognized = isRecognized
        self.hear = hear
        self.end = end
    }

    package static func makeInlet() -> SampleRing<UInt8> { SampleRing(minimumCapacity: 8000, silence: 0xFF) }
}

/// Why an operator does not get the line.
package enum TakeoverRefusal: Error, Sendable, Equatable {
    /// Another operator has it.
    case taken
    /// The call is ending, or over.
    case over
}
