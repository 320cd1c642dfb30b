package import AudioCore
package import Logging
import Synchronization

/// The embedded synthesizer: Flite, on a bounded pool of threads. One for the process.
package final class FliteSynthesizer: SpeechSynthesizer {
    private let configuration: FliteConfiguration
    private let jobs: Protected<[FliteJob]>
    private let signal = Signal()
    private let refused = Atomic<Int>(0)
    private let isClosed = Atomic<Bool>(false)

    package init(configuration: FliteConfiguration = FliteConfiguration(), logger: Logger) {
        precondition((1...64).contains(configuration.workerCount), "1...64 synthesis threads")
        precondition((0.5...2).contains(configuration.speakingRate), "a speaking rate of 0.5...2")
        self.configuration = configuration
        jobs = Protected([])
        for index in 0..<configuration.workerCount {
            _ = WorkerThread(name: "synthesis-\(index)") { [self] in run() }
        }
        logger.debug("synthesizer ready", metadata: ["workers": "\(configuration.workerCount)"])
    }

    /// Sentences refused because too many were waiting.
    package var refusedCount: Int { refused.load(ordering: .relaxed) }

    /// - Parameter voice: `slt`, `rms`, `awb`, or empty for the configured one.
    package func makeSession(
        voice: String, format: AudioFormat
    ) async throws(SpeechError) -> any SynthesisSession {
        guard let chosen = voice.isEmpty ? configuration.defaultVoice : FliteVoice(rawValue: voice) else {
            let known = FliteVoice.allCases.map(\.rawValue).joined(separator: ", ")
            throw SpeechError(
                .refused, operation: "open session", provider: "flite",
                detail: "no voice \"\(voice)\"; there are \(known)")
        }
        return FliteSession(
            synthesizer: self, settings: FliteJob.Settings(voice: chosen, format: format, configuration: configuration))
    }

    /// Ends the threads after the sentences they are reading. Waiting ones fail.
    package func close() {
        isClosed.store(true, ordering: .releasing)
        for _ in 0..<configuration.workerCount { signal.raise() }
        for job in jobs.withLock({ jobs in
            defer { jobs.removeAll() }; return jobs
        }) { job.refuse(.unavailable) }
    }

    /// Hands `job` to a thread, or refuses it.
    func enqueue(_ job: FliteJob) {
        let isAccepted = jobs.withLock { jobs in
            jobs.removeAll { $0.isCancelled }
            guard jobs.count < max(configuration.queueLimit, 1), !isClosed.load(ordering: .acquiring) else {
                return false
            }
            jobs.append(job)
            return true
        }
        guard isAccepted else {
            refused.wrappingAdd(1, ordering: .relaxed)
            job.refuse(.overloaded)
            return
        }
        signal.raise()
    }

    private func run() {
        let engine = FliteEngine()
        while true {
            signal.wait()
            if isClosed.load(ordering: .acquiring) { return }
            if let job = jobs.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { job.run(with: engine) }
        }
    }
}

/// One call's use of the synthesis threads.
final class FliteSession: SynthesisSession {
    private let synthesizer: FliteSynthesizer
    private let settings: FliteJob.Settings
    private let isClosed = Atomic<Bool>(false)

    init(synthesizer: FliteSynthesizer, settings: FliteJob.Settings) {
        self.synthesizer = synthesizer
        self.settings = settings
    }

    func synthesize(_ text: String) -> SynthesizedAudio {
        // Unbounded, but a sentence's audio is all it can hold: 8 KB for each second at 8 kHz.
        let (stream, continuation) = AsyncThrowingStream.makeStream(of: [UInt8].self)
        let text = InterlinearAnnotation.plain(text)
        let job = FliteJob(text: text, settings: settings, continuation: continuation)
        continuation.onTermination = { _ in job.cancel() }
        if isClosed.load(ordering: .acquiring) { job.refuse(.cancelled) } else { synthesizer.enqueue(job) }
        return SynthesizedAudio(stream)
    }

    func close() { isClosed.store(true, ordering: .releasing) }
}
