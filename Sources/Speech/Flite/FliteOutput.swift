import AudioCore
import Codecs

/// From the engine's samples to chunks in a session's format: resampled, encoded, cut.
final class FliteOutput {
    private let settings: FliteJob.Settings
    private let continuation: AsyncThrowingStream<[UInt8], any Error>.Continuation
    private var resampler: ResamplerBox?
    private var pending: [Int16] = []
    private var isFirst = true

    init(settings: FliteJob.Settings, continuation: AsyncThrowingStream<[UInt8], any Error>.Continuation) {
        self.settings = settings
        self.continuation = continuation
        pending.reserveCapacity(2 * settings.chunkSamples)
    }

    /// Sets up the conversion from the engine's rate.
    func open() throws(SpeechError) {
        guard settings.format.sampleRate != FliteEngine.sampleRate else { return }
        do {
            resampler = try ResamplerBox(from: FliteEngine.sampleRate, to: settings.format.sampleRate)
        } catch {
            throw SpeechError(.refused, operation: "resample", provider: "flite", detail: "\(error)")
        }
    }

    func take(_ samples: Span<Int16>) {
        if let resampler {
            resampler.value.process(samples, appendingTo: &pending)
        } else {
            for index in samples.indices { pending.append(samples[index]) }
        }
        // A long first chunk would be late, short ones later wasteful.
        while pending.count >= nextSize { flush(nextSize) }
    }

    /// Hands over what is left.
    func end() {
        resampler?.value.flush(appendingTo: &pending)
        while !pending.isEmpty { flush(min(pending.count, nextSize)) }
    }

    private var nextSize: Int { isFirst ? settings.format.sampleRate / 50 : settings.chunkSamples }

    private func flush(_ count: Int) {
        continuation.yield(encoded(pending.prefix(count)))
        pending.removeFirst(count)
        isFirst = false
    }

    private func encoded(_ samples: ArraySlice<Int16>) -> [UInt8] {
        switch settings.format.encoding {
        case .mulaw: samples.map(MuLaw.encode)
        case .alaw: samples.map(ALaw.encode)
        case .linear16: samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
        }
    }
}
