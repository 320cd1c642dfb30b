/// Collects the header lines that curl passes on, one at a time, into the head of an answer.
///
/// Interim answers (1xx) and those of proxies' CONNECT come first and are dropped.
struct ResponseHeadReader {
    enum Step {
        case more
        case complete(HTTPExchange.Head)
        case tooLarge
    }

    private let limit: Int
    private var size = 0
    /// Whether the empty line after the final answer's header lines has come.
    private(set) var isComplete = false
    /// The head so far, until it is complete.
    private var pending: HTTPExchange.Head?

    init(limit: Int) {
        self.limit = limit
    }

    mutating func read(_ line: UnsafeBufferPointer<UInt8>) -> Step {
        // Trailers come after the body, and are not wanted.
        guard !isComplete else { return .more }
        size += line.count
        guard size <= limit else { return .tooLarge }
        let text = unsafe String(decoding: line, as: UTF8.self).prefix { $0 != "\r\n" && $0 != "\r" && $0 != "\n" }
        if text.hasPrefix("HTTP/") {
            let fields = text.split(separator: " ", maxSplits: 2)
            pending = HTTPExchange.Head(status: fields.count > 1 ? Int(fields[1]) ?? 0 : 0, headers: [])
        } else if text.isEmpty {
            guard let head = pending else { return .more }
            pending = nil
            guard head.status >= 200 else { return .more }
            isComplete = true
            return .complete(head)
        } else if let colon = text.firstIndex(of: ":") {
            pending?.headers.append((text[..<colon].lowercased(), text[text.index(after: colon)...].trimmed))
        }
        return .more
    }
}
