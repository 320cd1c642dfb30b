import Testing

@testable import Service

@Suite("The microphone at a desk")
struct MicrophoneGateTests {
    @Test("is open unless muted")
    func mute() {
        var gate = MicrophoneGate(isPushToTalk: false)
        #expect(gate.isOpen(at: 1))
        gate.toggleMute()
        #expect(!gate.isOpen(at: 2))
        gate.toggleMute()
        #expect(gate.isOpen(at: 3))
    }

    @Test("with push-to-talk is open while the key repeats, and until it has stopped")
    func pushToTalk() {
        var gate = MicrophoneGate(isPushToTalk: true)
        #expect(!gate.isOpen(at: 10))
        gate.talk(at: 10)
        #expect(gate.isOpen(at: 10 + MicrophoneGate.hold - 1))
        gate.talk(at: 40)
        #expect(gate.isOpen(at: 40 + MicrophoneGate.hold - 1))
        #expect(!gate.isOpen(at: 40 + MicrophoneGate.hold))
    }

    @Test("stays closed when muted, whatever is pressed")
    func muteWins() {
        var gate = MicrophoneGate(isPushToTalk: true)
        gate.toggleMute()
        gate.talk(at: 5)
        #expect(!gate.isOpen(at: 6))
    }
}
