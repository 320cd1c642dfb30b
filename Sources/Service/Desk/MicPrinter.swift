import AudioDevices
import CallSession

/// A call from a desk in lines, as it happens: what the demo prints, and who speaks.
package struct MicPrinter: Sendable {
    private let printer: DemoPrinter

    package init(say: @escaping @Sendable (String) -> Void) { printer = DemoPrinter(say: say) }

    package func show(_ update: MicCall.Update) {
        switch update {
        case .preparing: printer.say("Preparing ears, voice and agents; the first time this takes a while.")
        case .dialling(let url): printer.say("Dialling \(url)")
        case .call(.journal(_, let position, .voiceStarted)):
            printer.say(DemoPrinter.line(DemoPrinter.time(position), "caller", "speaks"))
        case .call(let event): printer.show(event)
        case .gate(let gate):
            let state = gate.isMuted ? "muted" : gate.isPushToTalk ? "push-to-talk" : "open"
            printer.say(DemoPrinter.line("", "microphone", state))
        case .levels, .device, .closed: break
        }
    }
}
