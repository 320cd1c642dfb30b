/// A model that knows what sentences mean, as points where those of like meaning are neighbours.
package protocol SentenceEncoder: Sendable {
    /// Numbers of a vector.
    var dimensions: Int { get }

    /// The vector of each sentence, of length 1, in their order; nil when the model failed, which it has told of itself.
    func vectors(of sentences: [String]) -> [[Float]]?
}
