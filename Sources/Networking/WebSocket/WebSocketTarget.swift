/// Where a WebSocket's URL points (RFC 6455 §3).
struct WebSocketTarget: Equatable {
    var isTLS: Bool
    /// Without brackets.
    var host: String
    var port: Int
    /// Path and query; begins with `/`.
    var path: String

    /// - Returns: nil for anything but a `ws` or `wss` URL without credentials and fragment.
    init?(_ url: String) {
        let rest: Substring
        if url.hasPrefix("ws://") {
            isTLS = false
            rest = url.dropFirst(5)
        } else if url.hasPrefix("wss://") {
            isTLS = true
            rest = url.dropFirst(6)
        } else {
            return nil
        }
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !url.contains("#") else { return nil }
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let authority = rest[..<end]
        let tail = String(rest[end...])
        path = tail.hasPrefix("/") ? tail : "/" + tail
        guard !authority.contains("@") else { return nil }
        let portText: Substring?
        if authority.hasPrefix("[") {
            guard let close = authority.firstIndex(of: "]") else { return nil }
            host = String(authority[authority.index(after: authority.startIndex)..<close])
            let after = authority[authority.index(after: close)...]
            guard after.isEmpty || after.hasPrefix(":") else { return nil }
            portText = after.isEmpty ? nil : after.dropFirst()
        } else {
            let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count <= 2 else { return nil }
            host = String(parts[0])
            portText = parts.count == 2 ? parts[1] : nil
        }
        guard !host.isEmpty else { return nil }
        if let portText {
            guard let number = Int(portText), (1...65_535).contains(number) else { return nil }
            port = number
        } else {
            port = isTLS ? 443 : 80
        }
    }

    /// For the `Host` header.
    var hostHeader: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isTLS ? 443 : 80) ? name : "\(name):\(port)"
    }

    /// For errors and logs: without query, which may hold a key.
    var subject: String {
        let bare = path.prefix { $0 != "?" }
        return "\(isTLS ? "wss" : "ws")://\(hostHeader)\(bare)"
    }
}
