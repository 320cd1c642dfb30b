/// Cuts audio into messages of one size. What is left over waits for the next audio: after a change of the sample rate
/// chunks are a few samples longer or shorter than they were.
struct WireFrames: Sendable {
    /// Bytes of a message.
    let size: Int
    private var rest: [UInt8] = []

    init(size: Int) { self.size = size }

    mutating func forEach(_ audio: Span<UInt8>, _ body: (Span<UInt8>) -> Void) {
        if rest.isEmpty, audio.count == size { return body(audio) }
        for index in audio.indices { rest.append(audio[index]) }
        var start = 0
        while start + size <= rest.count {
            body(rest.span.extracting(start..<start + size))
            start += size
        }
        rest.removeFirst(start)
    }

    mutating func removeAll() { rest.removeAll(keepingCapacity: true) }
}
