/// Sounds people make that are not words of any task. They can be heard anywhere, and are taken out of transcripts.
enum Hesitations {
    static let pronunciations = [
        "uh": ["AH"],
        "um": ["AH M"],
        "er": ["ER"],
        "hmm": ["HH M", "M"],
        "mm-hm": ["M HH M", "AH M HH M"],
        "uh-huh": ["AH HH AH"],
    ]

    /// Of each, relative to general English (about that of "so").
    static let probability = 0.004
}
