/// Why a sound device cannot be used, and which.
package struct DeviceError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: Sendable, Equatable {
        /// There is no such device, or no sound card at all. Name another one, or work with files.
        case missing
        /// Another program holds it. Close that program, or name a device that shares (`default`, `dmix:`).
        case busy
        /// It has no rate, format or channels that can be converted. Name its `plughw:` form.
        case unsupported
        /// It was unplugged, or failed. Opening it again may help.
        case lost
    }

    package let code: Code
    /// What was being done: "open", "read from".
    package let operation: String
    /// ALSA's name of the device.
    package let device: String
    /// The library's own words.
    package let reason: String

    package init(_ code: Code, operation: String, device: String, reason: String) {
        self.code = code
        self.operation = operation
        self.device = device
        self.reason = reason
    }

    package var description: String { "cannot \(operation) the sound device \"\(device)\": \(reason)" }
}
