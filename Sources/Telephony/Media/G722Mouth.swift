import AudioCore
import Codecs

/// Makes G.722 of telephone samples, in messages of whole 20 ms. Nothing is allocated per message.
///
/// Confined to its line's thread.
final class G722Mouth {
    /// 20 ms at 16 kHz.
    private static let unit = G722.sampleRate / 50

    private var encoder: G722Encoder
    private var resampler: Resampler
    private var waiting: [Int16] = []
    private var bytes: [UInt8] = []
    /// Whether what comes next is the first since the filter was empty.
    private var isFresh = true

    init() throws {
        encoder = try G722Encoder()
        resampler = try Resampler(from: 8000, to: G722.sampleRate)
    }

    /// Lends `send` what is whole; what is left waits for more.
    func encode(_ samples: Span<Int16>, _ send: (Span<UInt8>) -> Void) {
        if isFresh, !samples.isEmpty {
            // The resampler leaves its delay out, and so falls short by that at the beginning. With it, 20 ms in are 20 ms out,
            // and a mark behind them has no hole to fill in the middle of a word.
            waiting.append(
                contentsOf: repeatElement(0, count: resampler.latency * G722.sampleRate / resampler.inputRate))
            isFresh = false
        }
        resampler.process(samples, appendingTo: &waiting)
        sendWhole(send)
    }

    /// Sends what waits, with silence behind it.
    func flush(_ send: (Span<UInt8>) -> Void) {
        guard !waiting.isEmpty else { return }
        let whole = (waiting.count + Self.unit - 1) / Self.unit * Self.unit
        waiting.append(contentsOf: repeatElement(0, count: whole - waiting.count))
        sendWhole(send)
    }

    /// Forgets what waits.
    func reset() {
        waiting.removeAll(keepingCapacity: true)
        resampler.flush(appendingTo: &waiting)
        waiting.removeAll(keepingCapacity: true)
        isFresh = true
    }

    private func sendWhole(_ send: (Span<UInt8>) -> Void) {
        let count = waiting.count / Self.unit * Self.unit
        guard count > 0 else { return }
        bytes.removeAll(keepingCapacity: true)
        // Taken out while it is lent, and put back for its room.
        var samples: [Int16] = []
        swap(&samples, &waiting)
        encoder.encode(samples.span.extracting(0..<count), appendingTo: &bytes)
        samples.removeFirst(count)
        swap(&samples, &waiting)
        // A copy of the reference only: the array is not changed while it is lent.
        let message = bytes
        send(message.span)
    }
}
