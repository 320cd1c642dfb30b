/// Cuts the bytes of a connection into HTTP/1.1 requests (RFC 9112). Bytes in, requests out; no I/O.
///
/// Strict where leniency would let two readers see different requests: line ends are CRLF, no folded headers, no
/// blanks before a colon, one Host, and either a length or chunks.
package struct HTTPRequestParser {
    /// What the bytes so far amount to.
    package enum Step: Sendable, Equatable {
        /// Nothing to do until more bytes come. `continues` asks for an interim "100 Continue", once.
        case needsMore(continues: Bool)
        case request(HTTPRequest, keepsAlive: Bool)
        /// The bytes are no request we take; answer with this status and read no further.
        case fault(Int)
    }

    private enum Stage {
        case head
        /// What is left of a body of known length.
        case body(remaining: Int)
        case chunkSize
        case chunk(remaining: Int)
        case chunkEnd
        case trailers
        case failed(Int)
    }

    private let maximumHeaderBytes: Int
    private let maximumBodyBytes: Int
    private var stage = Stage.head
    private var buffer: [UInt8] = []
    /// Bytes of `buffer` already used.
    private var position = 0
    /// How far a line end has been looked for.
    private var searched = 0
    private var request = HTTPRequest(method: "", path: "")
    private var keepsAlive = true
    private var wantsContinue = false

    /// - Parameters:
    ///   - maximumHeaderBytes: request line and headers together; more is a 431.
    ///   - maximumBodyBytes: more is a 413.
    package init(maximumHeaderBytes: Int, maximumBodyBytes: Int) {
        self.maximumHeaderBytes = maximumHeaderBytes
        self.maximumBodyBytes = maximumBodyBytes
    }

    /// Takes the next bytes of the connection.
    package mutating func push(_ bytes: Span<UInt8>) {
        buffer.reserveCapacity(buffer.count + bytes.count)
        for index in bytes.indices { buffer.append(bytes[index]) }
    }

    /// Whether the headers of a request are complete and its body is not.
    var isInsideBody: Bool {
        switch stage {
        case .head, .failed: false
        case .body, .chunkSize, .chunk, .chunkEnd, .trailers: true
        }
    }

    /// Bytes that came after the last request.
    var leftover: ArraySlice<UInt8> { buffer[position...] }

    /// The next request, once it is whole.
    package mutating func next() -> Step {
        while true {
            switch stage {
            case .failed(let status): return .fault(status)
            case .head:
                guard let step = readHead() else { continue }
                return step
            case .body(let remaining):
                let taken = takeBody(remaining)
                guard taken == remaining else {
                    stage = .body(remaining: remaining - taken)
                    return needsMore()
                }
                return finish()
            case .chunkSize:
                guard let line = line(limit: 1024) else { return fault(400) ?? needsMore() }
                guard let size = Self.chunkSize(line) else { return fail(400) }
                guard size <= maximumBodyBytes - request.body.count else { return fail(413) }
                stage = size == 0 ? .trailers : .chunk(remaining: size)
            case .chunk(let remaining):
                let taken = takeBody(remaining)
                guard taken == remaining else {
                    stage = .chunk(remaining: remaining - taken)
                    return needsMore()
                }
                stage = .chunkEnd
            case .chunkEnd:
                guard let line = line(limit: 2) else { return fault(400) ?? needsMore() }
                guard line.isEmpty else { return fail(400) }
                stage = .chunkSize
            case .trailers:
                guard let line = line(limit: maximumHeaderBytes) else { return fault(431) ?? needsMore() }
                if line.isEmpty { return finish() }
            }
        }
    }

    private mutating func fail(_ status: Int) -> Step {
        stage = .failed(status)
        return .fault(status)
    }

    /// A failure noted while a line was looked for.
    private func fault(_ status: Int) -> Step? {
        if case .failed = stage { .fault(status) } else { nil }
    }

    private mutating func needsMore() -> Step {
        defer { wantsContinue = false }
        compact()
        return .needsMore(continues: wantsContinue && request.body.isEmpty)
    }

    private mutating func compact() {
        guard position > 0 else { return }
        buffer.removeFirst(position)
        searched -= position
        position = 0
    }

    private mutating func finish() -> Step {
        stage = .head
        wantsContinue = false
        compact()
        searched = 0
        return .request(request, keepsAlive: keepsAlive)
    }

    private mutating func takeBody(_ wanted: Int) -> Int {
        let taken = min(wanted, buffer.count - position)
        request.body += buffer[position..<position + taken]
        position += taken
        searched = position
        return taken
    }

    /// The next line without its end; nil if it is not whole, having failed if it is too long or ends in a bare feed.
    private mutating func line(limit: Int) -> ArraySlice<UInt8>? {
        searched = max(searched, position)
        guard let feed = buffer[searched...].firstIndex(of: 0x0A) else {
            searched = buffer.count
            if buffer.count - position > limit { stage = .failed(431) }
            return nil
        }
        guard feed > position, buffer[feed - 1] == 0x0D, feed - 1 - position <= limit else {
            stage = .failed(feed - position > limit ? 431 : 400)
            return nil
        }
        let line = buffer[position..<feed - 1]
        position = feed + 1
        searched = position
        return line
    }

    // MARK: Head

    /// - Returns: nil to go on with the body.
    private mutating func readHead() -> Step? {
        // RFC 9112 §2.2: empty lines before a request are ignored.
        while buffer.count - position >= 2, buffer[position] == 0x0D, buffer[position + 1] == 0x0A { position += 2 }
        searched = max(searched, position)
        guard let end = endOfHead() else {
            if buffer.count - position > maximumHeaderBytes { return fail(431) }
            return needsMore()
        }
        guard end - position <= maximumHeaderBytes else { return fail(431) }
        let lines = buffer[position..<end - 2].split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
            line.last == 0x0D ? line.dropLast() : nil
        }
        position = end
        searched = end
        var head = RequestHead()
        for (index, line) in lines.dropLast().enumerated() {
            guard let line else { return fail(400) }
            if let status = index == 0 ? head.readRequestLine(line) : head.readField(line) { return fail(status) }
        }
        if let status = head.check() { return fail(status) }
        request = head.request
        keepsAlive = head.keepsAlive
        wantsContinue = head.expectsContinue
        switch head.framing {
        case .length(0): return finish()
        case .length(let count):
            guard count <= maximumBodyBytes else { return fail(413) }
            stage = .body(remaining: count)
        case .chunked: stage = .chunkSize
        }
        return nil
    }

    /// Where the empty line that ends the head ends.
    private mutating func endOfHead() -> Int? {
        var index = searched
        while let feed = buffer[index...].firstIndex(of: 0x0A) {
            if feed - position >= 3, buffer[feed - 1] == 0x0D, buffer[feed - 2] == 0x0A { return feed + 1 }
            index = feed + 1
        }
        searched = max(position, buffer.count)
        return nil
    }

    /// RFC 9112 §7.1; extensions are ignored.
    private static func chunkSize(_ line: ArraySlice<UInt8>) -> Int? {
        let digits = line.prefix { $0 != UInt8(ascii: ";") && $0 != 0x20 && $0 != 0x09 }
        guard (1...8).contains(digits.count) else { return nil }
        var size = 0
        for digit in digits {
            guard let value = Character(Unicode.Scalar(digit)).hexDigitValue else { return nil }
            size = size * 16 + value
        }
        return size
    }
}
