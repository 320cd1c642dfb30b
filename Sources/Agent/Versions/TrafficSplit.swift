/// Which calls go to a version on trial: a share of them, the same calls whoever asks.
package struct TrafficSplit: Sendable, Equatable {
    /// Of 100 calls, 0...100.
    package let percent: Int

    package init(percent: Int) {
        precondition((0...100).contains(percent), "0...100 of a hundred calls")
        self.percent = percent
    }

    /// Whether a call goes to the version on trial; decided by its id alone.
    package func takes(callID: String) -> Bool { Self.place(of: callID) < UInt64(percent) * 100 }

    /// Where the call stands among ten thousand: FNV-1a, and the finalizer of MurmurHash3, without which ids that differ
    /// in their last letters only would fall close together.
    private static func place(of callID: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in callID.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        hash = (hash ^ (hash >> 33)) &* 0xff51_afd7_ed55_8ccd
        hash = (hash ^ (hash >> 33)) &* 0xc4ce_b9fe_1a85_ec53
        return (hash ^ (hash >> 33)) % 10_000
    }
}
