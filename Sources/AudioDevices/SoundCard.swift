import AudioCore
import Foundation

/// Microphone and loudspeaker of this machine, with the loudspeaker's echo taken out of the microphone.
package final class SoundCard: CallerAudio, @unchecked Sendable {
    // @unchecked: `echo` is used on the microphone's thread; its status is copied out under `lock`; streams are set in
    // `start`, before any thread reads them.
    package struct Options: Sendable {
        /// ALSA's name of the microphone.
        package var capture = "default"
        /// ALSA's name of the loudspeaker.
        package var playback = "default"
        /// Off only where no loudspeaker can be heard by the microphone.
        package var cancelsEcho = true

        package init() {}
    }

    private let options: Options
    private let echo: EchoControl?
    /// What the loudspeaker was given and the microphone has not yet been compared with.
    private let reference = SampleRing<Int16>(minimumCapacity: 8000, silence: 0)
    private let lock = NSLock()
    private var status: EchoControl.Status?
    private var capture: CaptureStream?
    private var playback: PlaybackStream?

    package init(_ options: Options = Options()) {
        self.options = options
        echo = options.cancelsEcho ? EchoControl() : nil
    }

    package func start(_ beat: @escaping @Sendable ([Int16]) -> Void) throws {
        let reference = reference
        let playback = PlaybackStream(device: options.playback) { reference.write($0) }
        let capture = CaptureStream(device: options.capture) { [self] frame in beat(withoutEcho(frame)) }
        try playback.start()
        do { try capture.start() } catch {
            playback.stop()
            throw error
        }
        lock.withLock { (self.capture, self.playback) = (capture, playback) }
    }

    package func play(_ frame: [Int16]) {
        let playback = lock.withLock { self.playback }
        playback?.ring.write(frame.span)
    }

    package func stop() {
        let (capture, playback) = lock.withLock {
            defer { (self.capture, self.playback) = (nil, nil) }
            return (self.capture, self.playback)
        }
        capture?.stop()
        playback?.stop()
    }

    package var counters: DeviceCounters {
        let (capture, playback, status) = lock.withLock { (self.capture, self.playback, self.status) }
        var counters = DeviceCounters()
        counters.captureOverruns = capture?.overruns ?? 0
        counters.playbackUnderruns = playback?.underruns ?? 0
        counters.reopened = (capture?.reopened ?? 0) + (playback?.reopened ?? 0)
        counters.droppedSamples = playback?.dropped ?? 0
        counters.echoDelay = status?.delay.map { $0 / 8 }
        counters.echoReduction = status?.reduction
        return counters
    }

    /// On the microphone's thread.
    private func withoutEcho(_ frame: [Int16]) -> [Int16] {
        guard let echo else { return frame }
        // The two threads do not beat together; more than 100 ms apart, the loudspeaker's past is brought up to date.
        if reference.count > 800 { reference.skip(reference.count - 320) }
        var loudspeaker = [Int16](repeating: 0, count: 160)
        if reference.count >= 160 {
            var span = loudspeaker.mutableSpan
            _ = reference.read(into: &span)
        }
        var frame = frame
        echo.process(&frame, loudspeaker: loudspeaker)
        let now = echo.status
        lock.withLock { status = now }
        return frame
    }
}
