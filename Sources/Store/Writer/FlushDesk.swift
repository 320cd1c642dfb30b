/// Knows when everything handed over before a flush is settled.
///
/// Two tasks take from the inbox: the writer, and the one that relieves it. What was in the inbox when somebody asked
/// is settled once a writer's round that began later is over, and with it any round of relief that ran meanwhile.
actor FlushDesk {
    private var waitingForRound: [CheckedContinuation<Void, Never>] = []
    private var inRound: [CheckedContinuation<Void, Never>] = []
    private var waitingForRelief: [CheckedContinuation<Void, Never>] = []
    private var waitingForEnd: [CheckedContinuation<Void, Never>] = []
    private var isRelieving = false
    private var isFinished = false

    /// How many wait for anything.
    var waitingCount: Int {
        waitingForRound.count + inRound.count + waitingForRelief.count + waitingForEnd.count
    }

    /// Returns when all that was in the inbox is settled; at once after ``finish()``.
    ///
    /// - Parameter wake: called when the wait is registered; makes the writer begin a round.
    func settled(wake: @Sendable () -> Void) async {
        guard !isFinished else { return }
        await withCheckedContinuation {
            waitingForRound.append($0)
            wake()
        }
    }

    /// Returns after ``finish()``.
    func finished() async {
        guard !isFinished else { return }
        await withCheckedContinuation { waitingForEnd.append($0) }
    }

    /// Before the writer takes from the inbox.
    ///
    /// - Returns: whether somebody waits for the end of this round.
    @discardableResult
    func roundBegan() -> Bool {
        inRound += waitingForRound
        waitingForRound = []
        return !inRound.isEmpty
    }

    func roundEnded() {
        if isRelieving { waitingForRelief += inRound } else { Self.resume(inRound) }
        inRound = []
    }

    /// Before relief takes from the inbox.
    func reliefBegan() { isRelieving = true }

    func reliefEnded() {
        isRelieving = false
        Self.resume(waitingForRelief)
        waitingForRelief = []
    }

    /// Nothing is taken any more.
    func finish() {
        isFinished = true
        Self.resume(waitingForRound + inRound + waitingForRelief + waitingForEnd)
        (waitingForRound, inRound, waitingForRelief, waitingForEnd) = ([], [], [], [])
    }

    private static func resume(_ continuations: [CheckedContinuation<Void, Never>]) {
        for continuation in continuations { continuation.resume() }
    }
}
