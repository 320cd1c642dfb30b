import Codecs
import Foundation
import Telephony
import Testing

@Suite("Keys heard in audio")
struct KeyToneTests {
    private static let keys = "0123456789ABCD*#"
    private static var fixtures: URL {
        URL(fileURLWithPath: #filePath).appending(path: "../../../../audio-fixtures").standardizedFileURL
    }

    private func heard(_ samples: [Int16], frame: Int = 160) -> String {
        var detector = KeyToneDetector()
        var keys = ""
        for start in stride(from: 0, to: samples.count, by: frame) {
            let piece = Array(samples[start..<min(start + frame, samples.count)])
            if let key = detector.process(piece.span) { keys.append(key) }
        }
        return keys
    }

    private func telephone(_ samples: [Int16]) -> [Int16] { samples.map { MuLaw.decode(MuLaw.encode($0)) } }

    @Test(
        "every key is heard once, from 50 ms on, loud and soft, wherever in a frame it begins",
        arguments: [50, 60, 100, 400], [300.0, 1000, 5000, 15_000])
    func everyKey(duration: Int, level: Double) {
        for (index, key) in Self.keys.enumerated() {
            let tone = KeyTone.samples(key, duration: duration, pause: 60, level: level) ?? []
            let lead = [Int16](repeating: 0, count: index * 11)
            #expect(heard(telephone(lead + tone)) == String(key))
        }
    }

    @Test("a number is heard digit by digit, also where a digit repeats", arguments: [(50, 50), (70, 45), (100, 100)])
    func number(duration: Int, pause: Int) {
        let number = "5550011223344#*99"
        let samples = number.flatMap { KeyTone.samples($0, duration: duration, pause: pause) ?? [] }
        #expect(heard(telephone(samples)) == number)
    }

    @Test("within the tolerances of the tones: 1.5 % off, 3 dB apart either way, and in noise 13 dB below")
    func tolerances() {
        var random = SeededRandom(11)
        for (index, key) in Self.keys.enumerated() {
            guard let place = Array("123A456B789C*0#D").firstIndex(of: key) else { continue }
            let rows = [697.0, 770, 852, 941]
            let columns = [1209.0, 1336, 1477, 1633]
            for offset in [0.985, 1.0, 1.015] {
                for twist in [0.71, 1, 1.41] {
                    let samples = (0..<800).map { position -> Int16 in
                        let time = 2 * Double.pi * Double(position) / 8000
                        let noise = Double.random(in: -1...1, using: &random) * 1350
                        return Int16(
                            4000 * sin(rows[place / 4] * offset * time)
                                + 4000 * twist * sin(columns[place % 4] * offset * time + Double(index)) + noise)
                    }
                    #expect(heard(telephone(samples + [Int16](repeating: 0, count: 400))) == String(key))
                }
            }
        }
    }

    @Test(
        "an hour of callers, clean and in noise, and of noise alone, with keys and beeps in between: none is missed, nothing else is heard"
    )
    func hour() throws {
        var random = SeededRandom(20)
        let files = FileManager.default.enumerator(at: Self.fixtures, includingPropertiesForKeys: nil)
        let recordings = try #require(files).compactMap { $0 as? URL }.filter { $0.pathExtension == "wav" }
            .sorted { $0.path < $1.path }
        #expect(recordings.count >= 639)
        var detector = KeyToneDetector()
        var watch = ToneWatch()
        var (samples, keys, beeps) = (0, 0, 0)
        /// What follows on the same line; `pressed` is what it holds, and a machine's tone if it `beeps`.
        func expect(_ piece: [Int16], pressed: String, beeps wanted: Int = 0, _ name: String) {
            let line = telephone(piece)
            var (heard, tones) = ("", [LineTone]())
            for start in stride(from: 0, to: line.count, by: 160) {
                let frame = Array(line[start..<min(start + 160, line.count)])
                if let key = detector.process(frame.span) { heard.append(key) }
                if let tone = watch.process(frame.span) { tones.append(tone) }
            }
            samples += line.count
            (keys, beeps) = (keys + pressed.count, beeps + wanted)
            #expect(heard == pressed, "\(name)")
            #expect(tones == Array(repeating: .beep, count: wanted), "\(name)")
        }
        for file in recordings {
            let clip = try AudioClip(wavFile: file.path).samples
            // What lies near 1100 Hz and lasts is a fax that calls.
            let pitch = Double.random(in: Bool.random(using: &random) ? 420...1050 : 1150...1700, using: &random)
            let length = Int.random(in: 1600...6400, using: &random)
            let beep = (0..<length).map { Int16(5000 * sin(2 * Double.pi * pitch * Double($0) / 8000)) }
            let name = "\(file.lastPathComponent) after a beep of \(Int(pitch)) Hz"
            expect(beep + [Int16](repeating: 0, count: 800) + clip, pressed: "", beeps: 1, name)
            // Once more behind a key, in noise 5 to 25 dB below.
            let key = try #require(Self.keys.randomElement(using: &random))
            let tone = KeyTone.samples(
                key, duration: .random(in: 50...400, using: &random), pause: 60,
                level: .random(in: 500...8000, using: &random))
            let loudness = sqrt(clip.reduce(0) { $0 + Double($1) * Double($1) } / Double(max(clip.count, 1)))
            let noise = loudness * 1.7 * pow(10, -Double.random(in: 5...25, using: &random) / 20)
            let noisy = clip.map { Int16(clamping: Int($0) + Int(Double.random(in: -noise...noise, using: &random))) }
            expect(try #require(tone) + noisy, pressed: String(key), "\(key), \(file.lastPathComponent) in noise")
        }
        while samples < 3600 * 8000 {
            let level = Double.random(in: 30...20_000, using: &random)
            let key = try #require(Self.keys.randomElement(using: &random))
            let noise = (0..<8000 * 10).map { _ in Int16(Double.random(in: -level...level, using: &random)) }
            let quiet = [Int16](repeating: 0, count: 400)
            let tone = try #require(KeyTone.samples(key, duration: 80, pause: 60, level: 4000))
            expect(noise + quiet + tone, pressed: String(key), "\(key) after noise of \(Int(level))")
        }
        #expect(keys >= 639)
        #expect(beeps >= 639)
    }

    @Test("nothing is heard in noise, in single tones and in the tones of a line")
    func nothing() throws {
        var random = SeededRandom(5)
        for level in [50.0, 500, 5000, 30_000] {
            let noise = (0..<8000 * 15).map { _ in Int16(Double.random(in: -1...1, using: &random) * level) }
            #expect(heard(noise) == "")
        }
        // Row and column tones alone, dial tone, busy and ringing tones, fax and modem answers.
        let lines: [[Double]] =
            [697.0, 770, 852, 941, 1209, 1336, 1477, 1633].map { [$0] } + [
                [350, 440], [480, 620], [440, 480], [425], [1100], [2100], [1400], [697, 770], [1209, 1336],
                [697, 2418],
                [600, 1209], [697, 1100],
            ]
        for tones in lines {
            let samples = (0..<8000).map { position in
                Int16(tones.map { 6000 * sin(2 * Double.pi * $0 * Double(position) / 8000) }.reduce(0, +))
            }
            #expect(heard(telephone(samples)) == "", "\(tones)")
        }
    }

    @Test("a tone too short to be a key is none", arguments: [10, 15, 20, 23])
    func short(duration: Int) {
        for key in Self.keys {
            let tone = KeyTone.samples(key, duration: duration, pause: 100) ?? []
            #expect(heard(telephone([Int16](repeating: 0, count: 37) + tone)) == "")
        }
    }

    @Test("keys pressed over speech at the level of a telephone are heard, each once")
    func overSpeech() throws {
        let clip = try AudioClip(wavFile: Self.fixtures.appending(path: "clean/067-confirm.wav").path)
        // The line's own suppression lets 20 dB of the speech through while a key is pressed.
        for key in Self.keys {
            let tone = KeyTone.samples(key, duration: 120, pause: 0, level: 6000) ?? []
            var mixed = clip.samples
            let start = mixed.count / 3
            for index in tone.indices where start + index < mixed.count {
                mixed[start + index] = Int16(clamping: Int(tone[index]) + Int(mixed[start + index]) / 10)
            }
            #expect(heard(telephone(mixed)) == String(key))
        }
    }
}
