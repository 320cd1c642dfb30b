import Codecs

/// Fades µ-law in place, so that a cut or a new beginning does not click.
enum LinearFade {
    /// Scales samples of a linear fade over `length`, of which the first is number `start`.
    static func scale(_ codes: inout [UInt8], from start: Int, over length: Int, rising: Bool) {
        for index in codes.indices.prefix(max(length - start, 0)) {
            let step = start + index + 1
            let share = rising ? step : length + 1 - step
            codes[index] = MuLaw.encode(Int16(Int(MuLaw.decode(codes[index])) * share / (length + 1)))
        }
    }
}
