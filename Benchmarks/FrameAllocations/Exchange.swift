import Agent
import CallSession
import Networking
import Speech
import Synchronization
import Telephony

/// Takes calls on a media loop as the service does, with real sockets and the real session behind them.
final class Exchange: ListenerService {
    private let services: CallServices
    private let seconds: Int
    private let isRecording: Bool
    private let directory: String
    private let detection: VoiceDetection
    private let ticker = MediaTicker()
    private let calls = Atomic<Int>(0)
    private let heard = Atomic<Int>(0)

    /// Turns of callers so far.
    var turns: Int { heard.load(ordering: .relaxed) }

    /// - Parameters:
    ///   - seconds: how long the agents speak.
    ///   - directory: for the recordings.
    init(seconds: Int, isRecording: Bool, directory: String, detection: VoiceDetection) {
        self.detection = detection
        self.seconds = seconds
        self.isRecording = isRecording
        self.directory = directory
        services = CallServices(
            recordings: RecordingWriter(), hangUp: { _, _ in }, transfer: { _, _ in "nobody is there" })
    }

    func respond(to request: HTTPRequest) async -> HTTPResponse { .status(404) }

    func upgrade(_ request: HTTPRequest, on loop: EventLoop) -> WebSocketUpgrade {
        guard let dialect = MediaDialects.named("twilio") else { return .refuse(.status(404)) }
        return .accept(
            MediaConnection(
                line: dialect.makeLine(), services: services, ticker: ticker,
                admit: { [self] start in .success(plan(start)) }, began: { _ in }, refused: { _ in }),
            subprotocol: nil)
    }

    private func plan(_ start: MediaStart) -> CallPlan {
        let number = calls.wrappingAdd(1, ordering: .relaxed).newValue
        var settings = ConversationSettings()
        settings.silence = .seconds(60)
        return CallPlan(
            facts: CallFacts(callID: start.callID), carrierCallID: start.callID, settings: settings,
            dialogue: Monologue(), voiceDetection: detection, recognizer: Ears(), vocabulary: SpeechVocabulary(contexts: []),
            synthesizer: Voice(seconds: seconds), recordingPath: isRecording ? "\(directory)/\(number).wav" : nil
        ) { [self] event in
            if case .note(_, .callerTurn) = event { heard.add(1, ordering: .relaxed) }
        }
    }
}
