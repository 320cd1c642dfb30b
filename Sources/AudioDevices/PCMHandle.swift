import CALSA
import Glibc

/// One direction of a sound device: 16-bit samples, interleaved. The only owner of a `snd_pcm_t *`; one thread at a time.
@safe final class PCMHandle {
    /// What a transfer came to.
    enum Transfer: Equatable {
        /// Frames (a sample of every channel) that were moved.
        case moved(Int)
        /// The device ran dry or over; it has been made ready again, and what was lost is lost.
        case recovered
    }

    let name: String
    /// Hz, the device's own.
    let rate: Int
    /// 1 or 2.
    let channels: Int

    private let pointer: OpaquePointer
    /// How often it was made ready since samples last moved.
    private var recoveries = 0
    /// More than that in a row, and it is broken.
    private static let mostRecoveries = 10

    /// Opens and configures the device: its rate nearest to 48 kHz, 20 ms at a time, 80 ms in all.
    ///
    /// - Throws: ``DeviceError`` with the library's words.
    init(_ name: String, _ direction: AudioDevice.Direction) throws(DeviceError) {
        parley_alsa_be_quiet()
        var opened: OpaquePointer?
        let stream = direction == .capture ? SND_PCM_STREAM_CAPTURE : SND_PCM_STREAM_PLAYBACK
        // Without blocking: a device that another program holds is an error and not a wait.
        let status = unsafe snd_pcm_open(&opened, name, stream, SND_PCM_NONBLOCK)
        guard status == 0, let pointer = unsafe opened else { throw DeviceError(status, "open", name) }
        do throws(DeviceError) {
            let found = try unsafe Self.configure(pointer, name)
            self.name = name
            rate = found.rate
            channels = found.channels
            unsafe self.pointer = pointer
        } catch {
            unsafe snd_pcm_close(pointer)
            throw error
        }
    }

    deinit { unsafe snd_pcm_close(pointer) }

    /// Waits for samples and takes them.
    ///
    /// - Parameter samples: has room for whole frames.
    func read(into samples: inout [Int16], frames: Int) throws(DeviceError) -> Transfer {
        let moved = unsafe samples.withUnsafeMutableBufferPointer { buffer in
            // SAFETY: the caller's buffer holds `frames` of every channel.
            unsafe snd_pcm_readi(pointer, buffer.baseAddress, snd_pcm_uframes_t(frames))
        }
        return try result(moved, "read from")
    }

    /// Hands samples to the device, waiting while it has no room.
    func write(_ samples: Span<Int16>) throws(DeviceError) -> Transfer {
        let moved = unsafe samples.withUnsafeBufferPointer { buffer in
            // SAFETY: `samples` holds whole frames.
            unsafe snd_pcm_writei(pointer, buffer.baseAddress, snd_pcm_uframes_t(samples.count / channels))
        }
        return try result(moved, "write to")
    }

    private func result(_ moved: Int, _ operation: String) throws(DeviceError) -> Transfer {
        if moved >= 0 {
            recoveries = 0
            return .moved(moved)
        }
        let status = Int32(moved)
        if status == -EINTR { return .moved(0) }
        recoveries += 1
        // An xrun, or a machine that slept.
        guard status == -EPIPE || status == -ESTRPIPE, recoveries <= Self.mostRecoveries,
            unsafe snd_pcm_recover(pointer, status, 1) == 0
        else { throw DeviceError(status, operation, name) }
        return .recovered
    }

    private static func configure(
        _ pointer: OpaquePointer, _ name: String
    ) throws(DeviceError) -> (rate: Int, channels: Int) {
        var made: OpaquePointer?
        guard unsafe snd_pcm_hw_params_malloc(&made) == 0, let hardware = unsafe made else {
            throw DeviceError(-ENOMEM, "configure", name)
        }
        defer { unsafe snd_pcm_hw_params_free(hardware) }
        func check(_ status: Int32) throws(DeviceError) {
            guard status >= 0 else { throw DeviceError(status, "configure", name) }
        }
        try check(unsafe snd_pcm_hw_params_any(pointer, hardware))
        try check(unsafe snd_pcm_hw_params_set_access(pointer, hardware, SND_PCM_ACCESS_RW_INTERLEAVED))
        try check(unsafe snd_pcm_hw_params_set_format(pointer, hardware, SND_PCM_FORMAT_S16_LE))
        // Converting rates is ours: the filter and its delay are known then.
        _ = unsafe snd_pcm_hw_params_set_rate_resample(pointer, hardware, 0)
        var rate: UInt32 = 48_000
        try check(unsafe snd_pcm_hw_params_set_rate_near(pointer, hardware, &rate, nil))
        var channels: UInt32 = 1
        try check(unsafe snd_pcm_hw_params_set_channels_near(pointer, hardware, &channels))
        guard channels <= 2 else {
            throw DeviceError(
                .unsupported, operation: "configure", device: name,
                reason: "it has \(channels) channels at least; name its plughw: form")
        }
        var period = snd_pcm_uframes_t(rate / 50)
        try check(unsafe snd_pcm_hw_params_set_period_size_near(pointer, hardware, &period, nil))
        var buffer = snd_pcm_uframes_t(rate / 50 * 4)
        try check(unsafe snd_pcm_hw_params_set_buffer_size_near(pointer, hardware, &buffer))
        try check(unsafe snd_pcm_hw_params(pointer, hardware))
        // From here on reading and writing wait.
        try check(unsafe snd_pcm_nonblock(pointer, 0))
        try check(unsafe snd_pcm_prepare(pointer))
        return (Int(rate), Int(channels))
    }
}

extension DeviceError {
    init(_ status: Int32, _ operation: String, _ device: String) {
        let code: Code =
            switch -status {
            case ENOENT, ENODEV, ENXIO: operation == "open" ? .missing : .lost
            case EBUSY, EAGAIN: .busy
            case EINVAL: operation == "open" ? .missing : .unsupported
            default: operation == "open" ? .missing : .lost
            }
        self.init(code, operation: operation, device: device, reason: unsafe String(cString: snd_strerror(status)))
    }
}
