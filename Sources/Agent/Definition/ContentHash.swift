/// FNV-1a over 64 bits: tells versions of a file apart. It is no protection against forgery.
struct ContentHash {
    private var state: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
        // A mark between pieces, so that moving bytes from one file to the next changes the hash.
        state = (state ^ 0x1f) &* 0x100_0000_01b3
    }

    /// Sixteen hexadecimal digits.
    var hexadecimal: String {
        let digits = String(state, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
