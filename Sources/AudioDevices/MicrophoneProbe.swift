/// Whether a microphone could be used now.
package enum MicrophoneProbe {
    /// What an opened one is like.
    package struct Report: Sendable, Equatable {
        /// Hz, the device's own.
        package let rate: Int
        package let channels: Int
    }

    /// Opens the device as ``SoundCard`` does, and closes it again without having heard anything.
    package static func open(_ device: String) throws(DeviceError) -> Report {
        let handle = try PCMHandle(device, .capture)
        return Report(rate: handle.rate, channels: handle.channels)
    }
}
