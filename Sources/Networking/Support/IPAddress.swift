import Glibc

/// A numeric IP address, for deciding where connections may go.
package struct IPAddress: Sendable, Hashable, CustomStringConvertible {
    /// In network order, 4 or 16 of them.
    package let bytes: [UInt8]

    /// Reads `192.0.2.1` or `2001:db8::1`, with or without brackets; a zone (`%eth0`) is left aside.
    package init?(_ text: String) {
        let bare = text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : text
        let host = String(bare.prefix { $0 != "%" })
        var four = in_addr()
        if unsafe inet_pton(AF_INET, host, &four) == 1 {
            bytes = unsafe withUnsafeBytes(of: &four) { unsafe Array($0) }
            return
        }
        var six = in6_addr()
        guard unsafe inet_pton(AF_INET6, host, &six) == 1 else { return nil }
        bytes = unsafe withUnsafeBytes(of: &six) { unsafe Array($0) }
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    /// Whether it is a host of the public internet: none of the blocks that IANA's special-purpose registries keep for
    /// other things (private, loopback, link-local, documentation, multicast …). An IPv4 address in IPv6 clothes is
    /// judged by itself.
    package var isPublic: Bool {
        if let embedded { return embedded.isPublic }
        return !Self.special.contains { $0.contains(self) }
    }

    /// The IPv4 address that a socket for both kinds gives as an IPv6 one; itself otherwise.
    package var unmapped: IPAddress {
        let isMapped = bytes.count == 16 && bytes[..<10].allSatisfy { $0 == 0 } && bytes[10...11] == [0xFF, 0xFF]
        return isMapped ? IPAddress(bytes: Array(bytes[12...])) : self
    }

    /// The IPv4 address that an IPv6 one stands for: mapped, NAT64 or 6to4.
    private var embedded: IPAddress? {
        guard bytes.count == 16 else { return nil }
        let tail = IPAddress(bytes: Array(bytes[12...]))
        if bytes[..<10].allSatisfy({ $0 == 0 }), bytes[10] == 0xFF, bytes[11] == 0xFF { return tail }
        if bytes[..<4] == [0x00, 0x64, 0xFF, 0x9B], bytes[4..<12].allSatisfy({ $0 == 0 }) { return tail }
        if bytes[..<2] == [0x20, 0x02] { return IPAddress(bytes: Array(bytes[2..<6])) }
        return nil
    }

    /// IANA IPv4 and IPv6 Special-Purpose Address Registries, and multicast.
    private static let special = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
        "::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16", "fc00::/7",
        "fe80::/10", "fec0::/10", "ff00::/8",
    ].compactMap(AddressBlock.init)

    package var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        return unsafe bytes.withUnsafeBytes { source in
            // SAFETY: the source has the bytes of its family, the destination room for the longest text.
            unsafe inet_ntop(family, source.baseAddress, &text, socklen_t(text.count)).map {
                unsafe String(cString: $0)
            }
        } ?? "?"
    }
}

/// Neighbouring addresses: `10.0.0.0/8`, or one address.
package struct AddressBlock: Sendable, Hashable, CustomStringConvertible {
    private let base: IPAddress
    private let length: Int

    /// Reads an address with or without the length of its prefix.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let base = IPAddress(String(parts[0])) else { return nil }
        let bits = base.bytes.count * 8
        guard let length = parts.count == 2 ? Int(parts[1]) : bits, (0...bits).contains(length) else { return nil }
        self.base = base
        self.length = length
    }

    package var description: String { "\(base)/\(length)" }

    package func contains(_ address: IPAddress) -> Bool {
        guard address.bytes.count == base.bytes.count else { return false }
        let whole = length / 8
        guard address.bytes[..<whole] == base.bytes[..<whole] else { return false }
        let rest = length % 8
        guard rest > 0 else { return true }
        let mask = UInt8.max << (8 - rest)
        return address.bytes[whole] & mask == base.bytes[whole] & mask
    }
}
