import Foundation

/// Which call a media socket is for, and the token that proves it: the last two parts of its path.
struct MediaAddress: Equatable {
    var call: String
    var token: String

    init(call: String, token: String) {
        self.call = call
        self.token = token
    }

    init?(path: some StringProtocol) {
        let parts = path.split(separator: "/")
        guard parts.count == 2, let call = String(parts[0]).removingPercentEncoding,
            let token = String(parts[1]).removingPercentEncoding
        else { return nil }
        self.init(call: call, token: token)
    }

    var path: String { Self.escaped(call) + "/" + Self.escaped(token) }

    private static func escaped(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 0x0F)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
