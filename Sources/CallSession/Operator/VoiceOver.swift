import Codecs

/// What the agent says to caller and person at once while they talk: mixed into what goes to either. Each of them hears it at
/// the pace of the other one's audio, which never pauses.
struct VoiceOver: Sendable {
    /// Samples that are kept at most: half a minute.
    static let most = 240_000

    /// Of the reply that it is.
    let generation: Int
    private var audio: [UInt8] = []
    private(set) var heardByCaller = 0
    private(set) var heardByPerson = 0
    /// The reducer knows that it is heard.
    var isTold = false
    /// When the caller has heard all of it, in samples; nil before that is known.
    var end: Int?

    init(generation: Int) { self.generation = generation }

    /// Whether anybody has heard any of it.
    var hasBegun: Bool { heardByCaller > 0 || heardByPerson > 0 }
    /// Whether both have been given all there is.
    var isOver: Bool { heardByCaller == audio.count && heardByPerson == audio.count }

    /// - Parameter chunk: µ-law.
    /// - Returns: samples taken; what is beyond ``most`` is nobody's.
    mutating func add(_ chunk: [UInt8]) -> Int {
        let taken = min(chunk.count, Self.most - audio.count)
        audio.append(contentsOf: chunk.prefix(taken))
        return taken
    }

    /// - Parameter piece: of the person's voice, µ-law; the agent's is added.
    mutating func mixForCaller(into piece: inout [UInt8]) { Self.mix(audio, from: &heardByCaller, into: &piece) }

    /// - Parameter piece: of the caller's voice, µ-law; the agent's is added.
    mutating func mixForPerson(into piece: inout [UInt8]) { Self.mix(audio, from: &heardByPerson, into: &piece) }

    private static func mix(_ audio: [UInt8], from place: inout Int, into piece: inout [UInt8]) {
        let count = min(piece.count, audio.count - place)
        for index in 0..<count { piece[index] = sum(piece[index], audio[place + index]) }
        place += count
    }

    /// Both at once; beside silence either stays as it is, to the bit.
    private static func sum(_ one: UInt8, _ other: UInt8) -> UInt8 {
        let (a, b) = (Int(MuLaw.decode(one)), Int(MuLaw.decode(other)))
        if a == 0 { return other }
        if b == 0 { return one }
        return MuLaw.encode(Int16(clamping: a + b))
    }
}
