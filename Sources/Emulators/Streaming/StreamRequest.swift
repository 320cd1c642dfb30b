import Networking

/// Reads HTTP/1.1 requests with a `Content-Length`, as the clients of an emulator send them.
enum StreamRequest {
    enum Outcome {
        case incomplete
        case malformed
        case request(HTTPRequest)
    }

    /// Takes the first request off `input`, if it is whole.
    static func parse(_ input: inout [UInt8]) -> Outcome {
        guard let end = endOfHeaders(input) else { return input.count > 65_536 ? .malformed : .incomplete }
        let lines = String(decoding: input[..<end], as: UTF8.self).split(separator: "\r\n")
        guard let first = lines.first else { return .malformed }
        let words = first.split(separator: " ")
        guard words.count == 3, words[2].hasPrefix("HTTP/1.") else { return .malformed }
        var headers: [(name: String, value: String)] = []
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { return .malformed }
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            headers.append((line[..<colon].lowercased(), String(value)))
        }
        var length = 0
        if let text = headers.first(where: { $0.name == "content-length" })?.value {
            guard let number = Int(text), number >= 0 else { return .malformed }
            length = number
        } else if headers.contains(where: { $0.name == "transfer-encoding" }) {
            return .malformed
        }
        let bodyStart = end + 4
        guard input.count >= bodyStart + length else { return .incomplete }
        let target = words[1].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let request = HTTPRequest(
            method: String(words[0]), path: String(target[0]), query: target.count > 1 ? String(target[1]) : "",
            headers: headers, body: Array(input[bodyStart..<bodyStart + length]), remoteAddress: "127.0.0.1")
        input.removeFirst(bodyStart + length)
        return .request(request)
    }

    private static func endOfHeaders(_ input: [UInt8]) -> Int? {
        guard input.count >= 4 else { return nil }
        for index in 0...(input.count - 4) where input[index] == 13 {
            if input[index + 1] == 10, input[index + 2] == 13, input[index + 3] == 10 { return index }
        }
        return nil
    }
}
