import Foundation

/// The two tones of a telephone key (ITU-T Q.23).
package enum KeyTone {
    /// Hz, by row of the keypad.
    static let rows = [697.0, 770, 852, 941]
    /// Hz, by column.
    static let columns = [1209.0, 1336, 1477, 1633]
    static let keys = Array("123A456B789C*0#D")

    /// A key's tones, with edges soft enough not to click.
    ///
    /// - Parameters:
    ///   - duration: of the tone in ms; 40 is the shortest that is heard everywhere, 100 is usual.
    ///   - pause: silence after it in ms; 40 is the shortest between two keys.
    ///   - level: amplitude of each of the two tones, 0...16,000.
    /// - Returns: linear samples at 8 kHz; nil for what is no key.
    package static func samples(
        _ key: Character, duration: Int = 100, pause: Int = 100, level: Double = 5000
    ) -> [Int16]? {
        guard let index = keys.firstIndex(of: key) else { return nil }
        let (row, column) = (rows[index / 4], columns[index % 4])
        let count = duration * 8
        let edge = min(16, count / 2)
        let tone = (0..<count).map { position -> Int16 in
            let time = 2 * Double.pi * Double(position) / 8000
            let rise = min(Double(min(position, count - 1 - position) + 1) / Double(edge + 1), 1)
            return Int16(rise * level * (sin(row * time) + sin(column * time)))
        }
        return tone + [Int16](repeating: 0, count: pause * 8)
    }
}
