import Foundation

/// A message on a socket of Azure Speech: lines of a header, an empty line, and a body. Audio is binary, with the length of the
/// header before it (`WebsocketMessageFormatter` of the vendor's own SDK).
struct AzureMessage: Equatable {
    let path: String
    let request: String
    let body: String

    /// A text of theirs.
    ///
    /// - Returns: nil for what has no path.
    init?(reading message: Span<UInt8>) {
        let text = unsafe message.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
        guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
        var path: String?
        var request = ""
        for line in text[..<end.lowerBound].split(separator: "\r\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            switch line[..<colon].lowercased() {
            case "path": path = value.lowercased()
            case "x-requestid": request = value.lowercased()
            default: continue
            }
        }
        guard let path else { return nil }
        self.path = path
        self.request = request
        body = String(text[end.upperBound...])
    }

    /// A text of ours.
    ///
    /// - Parameter request: the turn's identifier; nil for what concerns the connection.
    static func text(_ path: String, request: String? = nil, at time: Date, body: String) -> String {
        header(path, request: request, at: time, type: "application/json; charset=utf-8") + "\r\n" + body
    }

    /// A piece of a turn's audio; an empty one ends the turn.
    ///
    /// - Parameter type: of the first piece, which is a WAV header.
    static func audio(_ samples: Span<UInt8>, request: String, at time: Date, type: String? = nil) -> [UInt8] {
        let header = header("audio", request: request, at: time, type: type)
        var message: [UInt8] = []
        message.reserveCapacity(2 + header.utf8.count + samples.count)
        message.append(UInt8(header.utf8.count >> 8))
        message.append(UInt8(header.utf8.count & 0xFF))
        message.append(contentsOf: header.utf8)
        unsafe samples.withUnsafeBufferPointer { unsafe message.append(contentsOf: $0) }
        return message
    }

    private static func header(_ path: String, request: String?, at time: Date, type: String?) -> String {
        var header = "Path: \(path)\r\n"
        if let request { header += "X-RequestId: \(request)\r\n" }
        header += "X-Timestamp: \(time.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)))\r\n"
        if let type { header += "Content-Type: \(type)\r\n" }
        return header
    }

    /// A new name of a turn, or of a connection: 32 hexadecimal digits.
    static func identifier() -> String { UUID().uuidString.replacing("-", with: "").lowercased() }
}
