/// What a network does to a caller's frames: some are lost, some come late. The same seed does the same.
package struct LineImpairment: Sendable, Equatable {
    package struct Fate: Sendable, Equatable {
        package var isLost: Bool
        /// In beats of 20 ms.
        package var delay: Int
    }

    /// The share of frames that never arrive, 0...1.
    package let loss: Double
    /// The longest delay, in beats of 20 ms; each is as likely as another.
    package let jitter: Int
    private var random: SeededRandom

    package init(loss: Double, jitter: Int, seed: UInt64) {
        self.loss = loss
        self.jitter = jitter
        random = SeededRandom(seed: seed)
    }

    package mutating func next() -> Fate {
        Fate(isLost: random.unit() < loss, delay: jitter > 0 ? Int(random.next() % UInt64(jitter + 1)) : 0)
    }
}

/// Steele, Lea and Flood's SplitMix64: small, and the same everywhere.
package struct SeededRandom: Sendable, Equatable, RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// 0..<1.
    package mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
}
