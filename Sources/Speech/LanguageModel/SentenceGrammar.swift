/// Sentences and entity classes with their words numbered.
///
/// A sentence is a sequence of words and classes; a class stands for any of its forms, which are sequences again.
/// Repetition is weight, of sentences as of forms. A large class of single words (names) is kept as a symbol among the
/// words, and spelled out only where a model needs it: two hundred first names before three hundred last names are
/// one pair of symbols.
struct SentenceGrammar: Sendable {
    enum Element: Sendable, Hashable {
        /// A word, or the symbol of a class of ``members``.
        case word(Int)
        /// A class of ``classes``.
        case anyOf(Int)
    }

    struct Weighted<Value: Sendable & Hashable>: Sendable, Hashable {
        var value: Value
        /// Adds up to 1 within its list.
        var weight: Double
    }

    struct Context: Sendable, Hashable {
        var name: String
        var sentences: [Weighted<[Element]>]
    }

    /// Numbers of the sentence boundaries.
    static let start = 0
    static let end = 1

    /// Single-word classes of this size are kept as symbols.
    private static let largeClass = 40

    /// By number. Symbols of classes stand as `{class}`.
    private(set) var words = ["<s>", "</s>"]
    /// Symbol → the words it stands for.
    private(set) var members: [Int: [Weighted<Int>]] = [:]
    private(set) var classes: [[Weighted<[Element]>]] = []
    private(set) var contexts: [Context] = []
    private var numbers = ["<s>": start, "</s>": end]

    /// - Throws: ``SpeechError/Code/invalidModel`` for a reference to an unknown class, or classes that contain
    ///   themselves.
    init(_ vocabulary: SpeechVocabulary) throws(SpeechError) {
        let names = vocabulary.classes.keys.sorted()
        let classNumbers = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
        for name in names { classes.append(try parse(vocabulary.classes[name, default: []], classNumbers)) }
        for index in classes.indices { try refuseCycle(from: index, path: [], names: names) }
        for (index, name) in names.enumerated() { makeSymbol(ofClass: index, name: name) }
        for context in vocabulary.contexts {
            contexts.append(Context(name: context.name, sentences: try parse(context.sentences, classNumbers)))
        }
    }

    /// The number of `word`, given to it on first use.
    mutating func number(of word: String) -> Int {
        if let number = numbers[word] { return number }
        let number = words.count
        words.append(word)
        numbers[word] = number
        return number
    }

    /// The words of `text`: lower case, without punctuation; apostrophes, hyphens and `{class}` are kept.
    static func words(of text: String) -> [String] {
        text.lowercased().split { !($0.isLetter || $0.isNumber || "'-{}_".contains($0)) }.map(String.init)
    }

    /// The words that can be spoken, without boundaries and symbols.
    var spokenWords: Set<String> { Set(words.indices.dropFirst(2).filter { members[$0] == nil }.map { words[$0] }) }

    private mutating func parse(
        _ texts: [String], _ classNumbers: [String: Int]
    ) throws(SpeechError) -> [Weighted<[Element]>] {
        var order: [String] = []
        var counts: [String: Int] = [:]
        for text in texts {
            if counts[text] == nil { order.append(text) }
            counts[text, default: 0] += 1
        }
        var parsed: [Weighted<[Element]>] = []
        for text in order {
            let elements = try parse(text, classNumbers)
            if !elements.isEmpty { parsed.append(Weighted(value: elements, weight: Double(counts[text, default: 1]))) }
        }
        let total = parsed.reduce(0) { $0 + $1.weight }
        return parsed.map { Weighted(value: $0.value, weight: $0.weight / total) }
    }

    private mutating func parse(_ text: String, _ classNumbers: [String: Int]) throws(SpeechError) -> [Element] {
        var elements: [Element] = []
        for token in Self.words(of: text) {
            guard token.hasPrefix("{"), token.hasSuffix("}") else {
                elements.append(.word(number(of: token)))
                continue
            }
            guard let index = classNumbers[String(token.dropFirst().dropLast())] else {
                throw SpeechError(
                    .invalidModel, operation: "read sentence", provider: "pocketsphinx",
                    detail: "\"\(text)\" names the class \(token), which does not exist")
            }
            elements.append(.anyOf(index))
        }
        return elements
    }

    private mutating func makeSymbol(ofClass index: Int, name: String) {
        let forms = classes[index]
        guard forms.count >= Self.largeClass else { return }
        var single: [Weighted<Int>] = []
        for form in forms {
            guard case .word(let word)? = form.value.first, form.value.count == 1 else { return }
            single.append(Weighted(value: word, weight: form.weight))
        }
        let symbol = number(of: "{\(name)}")
        members[symbol] = single
        classes[index] = [Weighted(value: [.word(symbol)], weight: 1)]
    }

    private func refuseCycle(from index: Int, path: [Int], names: [String]) throws(SpeechError) {
        guard !path.contains(index) else {
            throw SpeechError(
                .invalidModel, operation: "read classes", provider: "pocketsphinx",
                detail: "the class {\(names[index])} contains itself")
        }
        for form in classes[index] {
            for case .anyOf(let inner) in form.value {
                try refuseCycle(from: inner, path: path + [index], names: names)
            }
        }
    }
}
