import Networking

extension ValueKind where Value == [AddressBlock] {
    /// Addresses and blocks of them, with commas between.
    static var addresses: Self {
        ValueKind(
            type: "list", range: "IP addresses and blocks (10.0.0.0/8) with commas between",
            parse: { text in
                let parts = text.split(separator: ",").map { $0.filter { !$0.isWhitespace } }
                let blocks = parts.compactMap(AddressBlock.init)
                return blocks.count == parts.count ? blocks : nil
            },
            format: { $0.map(\.description).joined(separator: ", ") }, isList: true)
    }
}
