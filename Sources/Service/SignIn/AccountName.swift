/// What people who sign in may be called: short, and alike in addresses, logs and the audit log.
package enum AccountName {
    package static let longest = 60

    /// Why it cannot be one; nil when it can.
    package static func objection(to name: String) -> String? {
        let isGood = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "@"):
                true
            default: false
            }
        }
        guard isGood, (1...longest).contains(name.utf8.count) else {
            return "a name has 1 to \(longest) small letters, digits and . - _ @"
        }
        return nil
    }
}
