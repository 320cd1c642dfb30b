/// What the first words of a call tell in Spanish, without their accents. Listed as in ``AnswerWords``: phrases that nobody
/// else says, and those that a person may say too.
enum SpanishAnswerWords {
    static let screening = [
        "diga su nombre", "di tu nombre", "indique su nombre", "indica tu nombre", "grabe su nombre", "graba tu nombre",
        "nombre y el motivo", "nombre y motivo", "nombre y la razon", "nombre y por que llama",
        "nombre y por que llamas", "filtrado de llamadas", "filtro de llamadas", "filtra las llamadas",
        "filtra sus llamadas", "asistente de google", "asistente de llamadas", "antes de pasar su llamada",
        "antes de pasar tu llamada", "antes de conectar su llamada", "vere si esta disponible",
        "comprobare si esta disponible", "ver si esta disponible",
    ]
    static let likelyScreening = [
        "motivo de su llamada", "motivo de tu llamada", "motivo de la llamada", "razon de su llamada",
        "razon de tu llamada", "puedo saber quien", "puedo preguntar quien", "permanezca en la linea",
        "mantengase en la linea", "siga en la linea",
    ]
    /// A person asks so as well, but says hello with it.
    static let screeningUnlessGreeting = ["quien llama"]
    static let menu = [
        "menu principal", "opciones del menu", "opciones han cambiado", "marque la extension", "marque su extension",
        "numero de extension", "diga o marque", "diga o pulse", "diga o presione",
    ]
    static let likelyMenu = [
        "siguientes opciones", "escuche atentamente", "escuche con atencion", "para ventas", "para soporte",
        "para espanol", "para ingles", "para hablar con un agente", "para hablar con un operador",
        "para hablar con una operadora", "si conoce la extension", "usted puede decir", "tambien puede decir",
        "puede decir cosas como", "puede decir por ejemplo",
    ]
    static let machine = [
        "deje un mensaje", "deje su mensaje", "deje el mensaje", "deja un mensaje", "deja tu mensaje",
        "deja el mensaje", "dejeme un mensaje", "dejeme su mensaje", "dejame un mensaje", "dejame tu mensaje",
        "dejenos un mensaje", "dejenos su mensaje", "deje su nombre", "deja tu nombre", "dejeme su nombre",
        "dejame tu nombre", "dejenos su nombre", "despues del tono", "despues de la senal", "despues del bip",
        "despues del pitido", "tras el tono", "tras la senal", "al oir el tono", "al oir la senal",
        "al escuchar el tono", "al escuchar la senal", "cuando escuche el tono", "cuando oiga la senal", "buzon",
        "correo de voz", "contestador", "grabe su mensaje", "graba tu mensaje",
    ]
    static let likelyMachine = [
        "no estoy disponible", "no esta disponible", "no se encuentra disponible", "no estamos disponibles",
        "atender su llamada", "atender tu llamada", "atender el telefono", "contestar su llamada",
        "contestar tu llamada", "contestar el telefono", "responder a su llamada", "responder a tu llamada",
        "puede dejar un mensaje", "puede dejar su mensaje", "puedes dejar un mensaje", "puedes dejar tu mensaje",
        "el numero que ha marcado", "el numero que usted ha marcado", "el numero que usted marco",
        "el numero que marco", "el numero marcado", "el telefono al que llama", "el movil al que llama",
        "apagado o fuera de cobertura", "fuera del area de servicio", "devolvere la llamada", "devolvere tu llamada",
        "devolvere su llamada", "devolveremos la llamada", "devolveremos su llamada", "me pondre en contacto",
        "nos pondremos en contacto", "llamare en cuanto", "llamaremos en cuanto", "lo antes posible",
        "a la brevedad", "estamos cerrados", "oficina esta cerrada", "oficinas estan cerradas",
        "nuestro horario de atencion", "fuera de nuestro horario",
    ]
    static let person = [
        "hola", "bueno", "diga", "digame", "mande", "alo", "aqui", "soy", "atiende", "al habla", "le habla", "te habla",
        "quien habla", "con quien hablo", "quien es", "de parte de quien", "buenos dias", "buen dia", "buenas",
        "en que puedo", "como puedo ayudar", "a sus ordenes", "que desea",
    ]
    /// Said by whoever keeps the line while somebody is fetched.
    static let holding = [
        "no cuelgue", "no cuelgues", "un momento", "un momentito", "un segundo", "espere", "espera",
        "permanezca en la linea", "mantengase en la linea", "siga en la linea", "le paso", "le comunico", "le conecto",
    ]
    static let full = [
        "buzon esta lleno", "buzon lleno", "buzon de voz esta lleno", "no puede recibir mensajes",
        "no puede recibir mas", "no acepta mensajes", "no puede aceptar", "no ha sido configurado",
        "no esta configurado",
    ]
    static let refusing: Set<Substring> = [
        "nunca", "jamas", "basta", "pare", "paren", "deje", "deja", "dejen", "dejeme", "dejame", "dejenme", "quite",
        "quita", "quiten", "quiteme", "quitenme", "borre", "borra", "borren", "borreme", "borrame", "borrenme",
        "elimine", "elimina", "eliminen", "elimineme", "eliminame", "eliminenme", "saqueme", "saquenme", "lista",
        "equivocado", "equivocada", "equivoca",
    ]

    private static let pressing: Set<Substring> = [
        "marque", "marca", "pulse", "pulsa", "oprima", "oprime", "presione", "presiona", "teclee",
    ]
    private static let articles: Set<Substring> = ["el", "la", "tecla", "numero"]
    private static let keys: Set<Substring> = [
        "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "0", "1", "2", "3", "4", "5",
        "6", "7", "8", "9", "asterisco", "almohadilla", "numeral", "gato",
    ]

    /// Whether a key is offered: "para citas, marque el dos".
    static func offersKey(_ words: [Substring]) -> Bool {
        words.indices.contains { index in
            guard pressing.contains(words[index]) else { return false }
            let key = words[(index + 1)...].prefix(4).drop { articles.contains($0) }.first
            return key.map { keys.contains($0) } ?? false
        }
    }
}
