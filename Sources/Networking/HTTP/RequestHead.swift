/// The request line and headers of one request, as they are read.
struct RequestHead {
    enum Framing: Equatable {
        case length(Int)
        case chunked
    }

    private(set) var request = HTTPRequest(method: "", path: "")
    private(set) var framing = Framing.length(0)
    private(set) var keepsAlive = true
    private(set) var expectsContinue = false
    private var isVersion10 = false

    /// - Returns: the status to refuse with, or nil.
    mutating func readRequestLine(_ line: ArraySlice<UInt8>) -> Int? {
        let parts = line.split(separator: 0x20, omittingEmptySubsequences: false)
        guard parts.count == 3, Self.isToken(parts[0]) else { return 400 }
        switch String(decoding: parts[2], as: UTF8.self) {
        case "HTTP/1.1": break
        case "HTTP/1.0": isVersion10 = true
        case let other: return other.hasPrefix("HTTP/") ? 505 : 400
        }
        guard parts[1].allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }) else { return 400 }
        var target = Substring(decoding: parts[1], as: UTF8.self)
        // Absolute form (RFC 9112 §3.2.2): the host is in the Host header too.
        for scheme in ["http://", "https://"] where target.hasPrefix(scheme) {
            let rest = target.dropFirst(scheme.count)
            target = rest[(rest.firstIndex(of: "/") ?? rest.endIndex)...]
            if target.isEmpty { target = "/" }
        }
        request.method = String(decoding: parts[0], as: UTF8.self)
        guard target.hasPrefix("/") || (target == "*" && request.method == "OPTIONS") else { return 400 }
        let mark = target.firstIndex(of: "?") ?? target.endIndex
        request.path = String(target[..<mark])
        request.query = String(target[mark...].dropFirst())
        return nil
    }

    /// - Returns: the status to refuse with, or nil.
    mutating func readField(_ line: ArraySlice<UInt8>) -> Int? {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), Self.isToken(line[..<colon]) else { return 400 }
        let value = line[(colon + 1)...]
        guard value.allSatisfy({ ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 }) else { return 400 }
        request.headers.append(
            (
                String(decoding: line[..<colon], as: UTF8.self).lowercased(),
                Substring(decoding: value, as: UTF8.self).trimmed
            ))
        return nil
    }

    /// What only all headers together can tell.
    ///
    /// - Returns: the status to refuse with, or nil.
    mutating func check() -> Int? {
        let hosts = values("host")
        if hosts.count > 1 || (hosts.isEmpty && !isVersion10) { return 400 }
        let options = list("connection")
        keepsAlive = isVersion10 ? options.contains("keep-alive") : !options.contains("close")
        expectsContinue = !isVersion10 && list("expect").contains("100-continue")
        let codings = list("transfer-encoding")
        let lengths = values("content-length")
        if !codings.isEmpty {
            // A length beside chunks is how requests are smuggled (RFC 9112 §6.1).
            guard lengths.isEmpty, !isVersion10 else { return 400 }
            guard codings == ["chunked"] else { return 501 }
            framing = .chunked
        } else if let first = lengths.first {
            guard lengths.allSatisfy({ $0 == first }), !first.isEmpty, first.utf8.count <= 18,
                first.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int(first)
            else { return 400 }
            framing = .length(count)
        }
        return nil
    }

    private func values(_ name: String) -> [String] {
        request.headers.filter { $0.name == name }.map(\.value)
    }

    private func list(_ name: String) -> [String] {
        values(name).flatMap { $0.split(separator: ",") }.map { $0.trimmed.lowercased() }
    }

    /// RFC 9110 §5.6.2.
    private static func isToken(_ bytes: ArraySlice<UInt8>) -> Bool {
        !bytes.isEmpty
            && bytes.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}
