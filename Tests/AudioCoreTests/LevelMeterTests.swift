import AudioCore
import Testing

@Suite("Level meter")
struct LevelMeterTests {
    @Test(
        "A square wave has its level as peak and as mean", arguments: [(Int16.min, 0.0), (16384, -6.02), (328, -40.0)])
    func square(amplitude: Int16, level: Double) {
        var meter = LevelMeter()
        meter.add([amplitude, amplitude, amplitude].span)
        #expect(abs(meter.peak - level) < 0.02)
        #expect(abs(meter.rms - level) < 0.02)
        #expect(meter.count == 3)
    }

    @Test("Silence and nothing are the floor, and a reset forgets")
    func silence() {
        var meter = LevelMeter()
        #expect(meter.rms == LevelMeter.floor)
        meter.add([0, 0].span)
        #expect(meter.peak == LevelMeter.floor)
        meter.add([30000].span)
        #expect(meter.peak > -1)
        #expect(meter.rms < meter.peak)
        meter.reset()
        #expect(meter.peak == LevelMeter.floor)
    }
}
