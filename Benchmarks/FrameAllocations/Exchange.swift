import Agent
import AudioCore
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
    private let isBridged: Bool
    private let directory: String
    private let detection: VoiceDetection
    private let ticker = MediaTicker()
    private let calls = Atomic<Int>(0)
    private let heard = Atomic<Int>(0)
    private let joined = Atomic<Int>(0)
    /// Waits for the next call, to be joined with it.
    private let single = Mutex<CallSession?>(nil)

    /// Turns of callers so far.
    var turns: Int { heard.load(ordering: .relaxed) }
    /// Calls that are joined with another one.
    var bridged: Int { joined.load(ordering: .relaxed) }

    /// - Parameters:
    ///   - seconds: how long the agents speak.
    ///   - isBridged: whether calls are joined in pairs, as in a warm transfer.
    ///   - directory: for the recordings.
    init(seconds: Int, isRecording: Bool, isBridged: Bool, directory: String, detection: VoiceDetection) {
        self.detection = detection
        self.seconds = seconds
        self.isRecording = isRecording
        self.isBridged = isBridged
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
                admit: { [self] start in .success(plan(start)) },
                began: { [self] session in if isBridged { pair(session) } }, refused: { _ in }),
            subprotocol: nil)
    }

    /// Joins a call with the one before, each as the operator of the other.
    private func pair(_ session: CallSession) {
        let other = single.withLock { single in
            defer { single = single == nil ? session : nil }
            return single
        }
        guard let other else { return }
        let (first, second) = (OperatorLeg.makeInlet(), OperatorLeg.makeInlet())
        let legs = [
            (other, OperatorLeg(inlet: first, hear: { second.write($0.span) }, end: { _ in })),
            (session, OperatorLeg(inlet: second, hear: { first.write($0.span) }, end: { _ in })),
        ]
        for (call, leg) in legs {
            call.takeOver(leg) { [self] refusal in if refusal == nil { joined.add(1, ordering: .relaxed) } }
        }
    }

    private func plan(_ start: MediaStart) -> CallPlan {
        let number = calls.wrappingAdd(1, ordering: .relaxed).newValue
        var settings = ConversationSettings()
        settings.silence = .seconds(60)
        var plan = CallPlan(
            facts: CallFacts(callID: start.callID), carrierCallID: start.callID, settings: settings,
            dialogue: Monologue(), voiceDetection: detection, recognizer: Ears(),
            vocabulary: SpeechVocabulary(contexts: []),
            synthesizer: Voice(seconds: seconds), recordingPath: isRecording ? "\(directory)/\(number).wav" : nil
        ) { [self] event in
            if case .note(_, .callerTurn) = event { heard.add(1, ordering: .relaxed) }
        }
        if isBridged { plan.operatorRecognizer = Ears() }
        return plan
    }
}
