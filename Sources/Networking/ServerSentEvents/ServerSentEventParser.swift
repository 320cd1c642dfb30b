/// Cuts a `text/event-stream` into events (WHATWG HTML §9.2.6). Bytes in, events out; no I/O.
///
/// Takes line ends of all three kinds, also split over pieces, as are UTF-8 sequences.
package struct ServerSentEventParser {
    /// Bytes one event may have; a larger one is dropped and counted.
    private let limit: Int
    /// The current line, unless its event is being dropped; `lineLength` counts in any case.
    private var line: [UInt8] = []
    private var lineLength = 0
    private var data: [UInt8] = []
    private var hasData = false
    private var type = ""
    private var id = ""
    private var size = 0
    private var isDropping = false
    private var followsCarriageReturn = false
    private var isAtStart = true
    /// The delay before reconnecting that the stream asked for.
    package private(set) var retry: Duration?
    /// Events dropped because they were too large.
    package private(set) var droppedCount = 0

    package init(limit: Int = 1 << 20) {
        self.limit = limit
    }

    /// Takes the next piece of the stream and returns the events it completes.
    package mutating func push(_ bytes: Span<UInt8>) -> [ServerSentEvent] {
        var events: [ServerSentEvent] = []
        for index in bytes.indices {
            let byte = bytes[index]
            let skips = followsCarriageReturn && byte == 0x0A
            followsCarriageReturn = byte == 0x0D
            if skips { continue }
            if byte == 0x0A || byte == 0x0D {
                if let event = endLine() { events.append(event) }
            } else {
                append(byte)
            }
        }
        return events
    }

    /// The stream ended. An event that no empty line completed is dropped, as the standard wants.
    package mutating func finish() {
        self = ServerSentEventParser(limit: limit)
    }

    private mutating func append(_ byte: UInt8) {
        lineLength += 1
        size += 1
        guard size <= limit else {
            isDropping = true
            line.removeAll(keepingCapacity: false)
            data.removeAll(keepingCapacity: false)
            return
        }
        line.append(byte)
    }

    private mutating func endLine() -> ServerSentEvent? {
        if isAtStart {
            isAtStart = false
            // A byte order mark.
            if line.starts(with: [0xEF, 0xBB, 0xBF]) {
                line.removeFirst(3)
                lineLength -= 3
            }
        }
        defer {
            line.removeAll(keepingCapacity: true)
            lineLength = 0
        }
        if lineLength == 0 { return endEvent() }
        if !isDropping { field() }
        return nil
    }

    private mutating func endEvent() -> ServerSentEvent? {
        defer {
            data.removeAll(keepingCapacity: true)
            hasData = false
            type = ""
            size = 0
            isDropping = false
        }
        if isDropping {
            droppedCount += 1
            return nil
        }
        guard hasData else { return nil }
        return ServerSentEvent(
            type: type.isEmpty ? "message" : type, data: String(decoding: data, as: UTF8.self), id: id)
    }

    private mutating func field() {
        let colon = line.firstIndex(of: UInt8(ascii: ":"))
        // Begins with a colon: a comment, often sent to keep the connection alive.
        if colon == 0 {
            size -= min(size, line.count)
            return
        }
        let name = line[..<(colon ?? line.endIndex)]
        var value = colon.map { line[($0 + 1)...] } ?? []
        if value.first == 0x20 { value = value.dropFirst() }
        if name.elementsEqual("data".utf8) {
            if hasData { data.append(0x0A) }
            data += value
            hasData = true
        } else if name.elementsEqual("event".utf8) {
            type = String(decoding: value, as: UTF8.self)
        } else if name.elementsEqual("id".utf8) {
            if !value.contains(0) { id = String(decoding: value, as: UTF8.self) }
        } else if name.elementsEqual("retry".utf8), let milliseconds = Int(String(decoding: value, as: UTF8.self)),
            milliseconds >= 0
        {
            retry = .milliseconds(milliseconds)
        }
    }
}
