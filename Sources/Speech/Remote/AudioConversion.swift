import AudioCore
import Codecs

/// From the bytes of a stream, cut anywhere, to whole samples of a leg's format.
final class AudioConversion {
    private let source: AudioFormat
    private let target: AudioFormat
    private var resampler: ResamplerBox?
    /// The first half of a sample whose second half comes with the next piece.
    private var rest: [UInt8] = []
    private var samples: [Int16] = []

    /// - Throws: ``SpeechError/Code/refused`` for a companded source in another format than the leg's.
    init(from source: AudioFormat, to target: AudioFormat, provider: String) throws(SpeechError) {
        self.source = source
        self.target = target
        guard source != target else { return }
        guard source.encoding == .linear16 else {
            throw SpeechError(
                .refused, operation: "convert", provider: provider, detail: "it sends \(source) to a leg in \(target)")
        }
        guard source.sampleRate != target.sampleRate else { return }
        do { resampler = try ResamplerBox(from: source.sampleRate, to: target.sampleRate) } catch {
            throw SpeechError(.refused, operation: "resample", provider: provider, detail: "\(error)")
        }
    }

    /// What `bytes` add, in the leg's format; may be empty.
    func take(_ bytes: [UInt8]) -> [UInt8] {
        var whole = rest.isEmpty ? bytes : rest + bytes
        let excess = whole.count % source.bytesPerSample
        rest = Array(whole.suffix(excess))
        whole.removeLast(excess)
        guard source != target else { return whole }
        let input = stride(from: 0, to: whole.count, by: 2).map {
            Int16(truncatingIfNeeded: Int(whole[$0]) | Int(whole[$0 + 1]) << 8)
        }
        if let resampler {
            resampler.value.process(input.span, appendingTo: &samples)
        } else {
            samples += input
        }
        return flushed()
    }

    /// What is left at the end of the stream.
    func end() -> [UInt8] {
        resampler?.value.flush(appendingTo: &samples)
        return flushed()
    }

    private func flushed() -> [UInt8] {
        defer { samples.removeAll(keepingCapacity: true) }
        switch target.encoding {
        case .mulaw: return samples.map(MuLaw.encode)
        case .alaw: return samples.map(ALaw.encode)
        case .linear16: return samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
        }
    }
}

/// A place for a noncopyable resampler that may be absent.
final class ResamplerBox {
    var value: Resampler
    init(from input: Int, to output: Int) throws(AudioError) { value = try Resampler(from: input, to: output) }
}
