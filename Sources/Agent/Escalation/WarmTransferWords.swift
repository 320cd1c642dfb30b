/// What is said in a ``WarmTransfer`` where the agent's file says nothing else.
struct WarmTransferWords: Sendable {
    private let language: SpokenLanguage

    init(_ language: SpokenLanguage) { self.language = language }

    // MARK: To the person

    var brief: String {
        switch language {
        case .english: "I have a caller on the line for you. {reason}. {said}"
        case .spanish: "Tengo una llamada para usted. {reason}. {said}"
        }
    }

    /// What `{said}` of a brief is.
    func said(_ words: String) -> String {
        switch language {
        case .english: "They said: \(words)."
        case .spanish: "Ha dicho: \(words)."
        }
    }

    /// - Parameter key: the one with which they take the call.
    func question(key: String) -> String {
        switch language {
        case .english: "Do you take the call? Say yes or press \(spoken(key)), or say no."
        case .spanish: "¿Toma la llamada? Diga sí o pulse \(spoken(key)), o diga no."
        }
    }

    var accepted: String {
        switch language {
        case .english: "Thank you, I put the caller through."
        case .spanish: "Gracias, le paso la llamada."
        }
    }

    var declined: String {
        switch language {
        case .english: "All right, I will tell them. Goodbye."
        case .spanish: "De acuerdo, se lo diré. Adiós."
        }
    }

    var gone: String {
        switch language {
        case .english: "The caller is no longer on the line. Goodbye."
        case .spanish: "Quien llamaba ya no está en la línea. Adiós."
        }
    }

    // MARK: To the caller, and to both

    /// Who is called where it is not known.
    var somebody: String {
        switch language {
        case .english: "somebody"
        case .spanish: "alguien"
        }
    }

    func hold(for who: String) -> String {
        switch language {
        case .english: "I am still trying to reach \(who) for you. Please stay on the line."
        case .spanish: "Sigo intentando comunicarle con \(who). No cuelgue, por favor."
        }
    }

    var deciding: String {
        switch language {
        case .english: "Somebody has answered, and I am telling them what it is about. Please stay on the line."
        case .spanish: "Ya han contestado, y estoy explicando de qué se trata. No cuelgue, por favor."
        }
    }

    var introduction: String {
        switch language {
        case .english: "I have you both on the line now. {reason}. I leave you to talk."
        case .spanish: "Ya están los dos en la línea. {reason}. Les dejo hablar."
        }
    }

    // MARK: Keys and figures

    /// A number, figure by figure, in groups that an ear can keep.
    func digits(_ digits: String) -> String {
        guard language == .spanish else { return SpokenForms.digits(digits) }
        return SpokenForms.grouped(
            digits.filter(\.isASCII).compactMap(\.wholeNumberValue).map { Self.spanishDigits[$0] })
    }

    private static let spanishDigits = [
        "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve",
    ]

    private func spoken(_ key: String) -> String {
        switch (key, language) {
        case ("*", .english): "star"
        case ("#", .english): "hash"
        case ("*", .spanish): "asterisco"
        case ("#", .spanish): "almohadilla"
        default: digits(key)
        }
    }
}
