import Codecs
import Foundation

/// What is heard behind the agent: a bed that never stops, and a sound while the agent thinks.
///
/// A value; nothing is allocated per frame.
package struct Ambience: Sendable {
    /// The sounds of all calls; each call plays them from its own place.
    package struct Sounds: Sendable, Equatable {
        /// Linear samples at 8 kHz, repeated; empty is silence.
        package var bed: [Int16]
        /// Heard over the bed while the agent thinks; likewise.
        package var thinking: [Int16]
        /// How long the agent thinks before it is heard to, in samples.
        package var patience: Int

        package init(bed: [Int16] = [], thinking: [Int16] = [], patience: Int = 8000) {
            self.bed = bed
            self.thinking = thinking
            self.patience = patience
        }

        /// Whether there is nothing to hear.
        package var isSilent: Bool { bed.isEmpty && thinking.isEmpty }
    }

    /// Samples over which the thinking sound comes and goes.
    private static let fade = 400

    private let sounds: Sounds
    private var bedPlace = 0
    private var thinkingPlace = 0
    /// How much of the thinking sound is heard, 0...fade.
    private var share = 0
    private var thinkingSince: Int?

    package init(_ sounds: Sounds) { self.sounds = sounds }

    /// Whether there is anything to send while nobody speaks.
    package var isAudible: Bool { !sounds.bed.isEmpty || share > 0 || isThinking }

    /// Whether the thinking sound is due.
    package private(set) var isThinking = false

    /// Says what goes on, once every beat.
    ///
    /// - Parameters:
    ///   - owes: the caller waits for the agent's words.
    ///   - now: samples on the call's clock.
    package mutating func advance(owes: Bool, at now: Int) {
        guard owes, !sounds.thinking.isEmpty else {
            thinkingSince = nil
            isThinking = false
            return
        }
        let since = thinkingSince ?? now
        thinkingSince = since
        guard !isThinking, now - since >= sounds.patience else { return }
        isThinking = true
        if share == 0 { thinkingPlace = 0 }
    }

    /// Puts the sounds behind what the agent says.
    ///
    /// - Parameter codes: µ-law; speech, or silence where the agent says nothing.
    package mutating func mix(into codes: inout [UInt8]) {
        let (bed, thinking) = (sounds.bed, sounds.thinking)
        for index in codes.indices {
            var sample = Int(MuLaw.decode(codes[index]))
            if !bed.isEmpty {
                sample += Int(bed[bedPlace])
                bedPlace = bedPlace + 1 == bed.count ? 0 : bedPlace + 1
            }
            share = isThinking ? min(share + 1, Self.fade) : max(share - 1, 0)
            if share > 0, !thinking.isEmpty {
                sample += Int(thinking[thinkingPlace]) * share / Self.fade
                thinkingPlace = thinkingPlace + 1 == thinking.count ? 0 : thinkingPlace + 1
            }
            codes[index] = MuLaw.encode(Int16(clamping: sample))
        }
    }
}

extension Ambience.Sounds {
    /// A quiet room: noise that falls with frequency, as a telephone's does, four seconds of it.
    ///
    /// - Parameter level: root mean square in dB below full scale, negative.
    package static func comfortNoise(level: Double) -> [Int16] {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        var (low, values) = (0.0, [Double]())
        for _ in 0..<32_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            low += 0.25 * (Double(Int64(bitPattern: state) >> 32) / 2_147_483_648 - low)
            values.append(low)
        }
        // The end runs into the beginning without a step.
        for index in 0..<400 {
            let share = Double(index) / 400
            values[values.count - 400 + index] =
                values[values.count - 400 + index] * (1 - share) + values[index] * share
        }
        return scaled(Array(values.dropFirst(400)), to: level)
    }

    /// Two soft taps and a pause, three seconds: somebody looks something up.
    package static func taps(level: Double) -> [Int16] {
        var values = [Double](repeating: 0, count: 24_000)
        var state: UInt64 = 0xD1B5_4A32_D192_ED03
        for start in [0, 1600, 9600, 11_000] {
            for index in 0..<240 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let noise = Double(Int64(bitPattern: state) >> 32) / 2_147_483_648
                let rise = Double(min(index, 16)) / 16
                // Gone after 20 ms.
                values[start + index] = noise * rise * (1 - Double(index) / 240) * (1 - Double(index) / 240)
            }
        }
        return scaled(values, to: level)
    }

    /// Four soft notes and a pause, again and again, eight seconds: somebody holds the line.
    ///
    /// - Parameter level: root mean square in dB below full scale, negative.
    package static func chimes(level: Double) -> [Int16] {
        var values = [Double](repeating: 0, count: 64_000)
        let notes = [523.25, 659.25, 783.99, 659.25]
        for (number, pitch) in (notes + notes.reversed()).enumerated() {
            let start = number * 6400
            for index in 0..<11_200 {
                let rise = Double(min(index, 160)) / 160
                let fall = exp(-Double(index) / 2800)
                values[start + index] += sin(2 * .pi * pitch * Double(index) / 8000) * rise * fall
            }
        }
        return scaled(values, to: level)
    }

    /// Brings samples to a level.
    package static func scaled(_ values: [Double], to level: Double) -> [Int16] {
        let power = values.reduce(0) { $0 + $1 * $1 } / Double(max(values.count, 1))
        guard power > 0 else { return values.map { _ in 0 } }
        let gain = 32_768 * pow(10, level / 20) / power.squareRoot()
        return values.map { Int16(clamping: Int(($0 * gain).rounded())) }
    }
}
