import Testing

@testable import Service

@Suite("Words that end all calls")
struct OptOutPhrasesTests {
    @Test(
        "are found in many English wordings",
        arguments: [
            "stop contacting me", "stop phoning me", "please quit calling", "don't ever contact me again",
            "never contact me again", "take my name off of your list", "leave me alone", "I revoke my consent",
            "lose my number", "no more calls please", "stop bothering me", "would you all stop harassing us",
            "I want you to quit texting me", "enough with these calls", "dont call me", "do not phone here any more",
            "I don't want you to call me again", "don't let your robots call me", "I told you not to call me",
            "I asked you to not contact me again", "you should not call me any more", "I'd rather not be called",
            "get my number off your list", "remove me from all of your lists", "keep me off your calling list",
            "please erase our name", "I withdraw any consent I gave", "you don't have my permission to call",
            "put me on the do not call list", "I do not consent to these calls", "I never want to hear from you again",
            "I don't want to hear from you people", "no more of these reminders", "I no longer wish to be contacted",
            "I don't wish to be contacted", "I don't need any more of your calls", "please opt my number out",
            "why don't you stop calling me", "don't you ever call me before nine", "don't call me tonight or ever",
            "don't call me at this number", "do not call me at five five five one two three four",
            "don't call me a second time", "Stop, stop calling here.", "I don't call me please",
            "could you not call me", "can you please not call here again", "I opted out already",
            "I would like to not be called", "take me off the waiting list and take me off your list",
            "you never call me back so never call me again",
        ])
    func english(text: String) { #expect(OptOutPhrases.matches(text)) }

    @Test(
        "are found in many Spanish wordings, with accents and without",
        arguments: [
            "no me llame más", "no me llamen mas por favor", "No me llames nunca más", "no me vuelva a llamar",
            "por favor no vuelvan a llamarme", "quíteme de su lista", "quiteme por favor de la lista",
            "¿me puede quitar de su lista?", "deje de llamarme", "dejen de llamar", "ya dejen de molestarme",
            "bórreme de la lista", "borre mi número", "elimíneme de todas sus listas", "no quiero que me llamen",
            "no quiero que me vuelvan a llamar", "no quiero que me sigan llamando", "no quiero recibir más llamadas",
            "ya no quiero sus llamadas", "no deseo ser contactada", "no más llamadas", "basta de llamadas",
            "no siga llamando", "déjeme en paz", "déjenme tranquila", "quiero darme de baja", "deme de baja",
            "revoco mi consentimiento", "retiro el permiso que les di", "olvídese de mi número",
            "no nos contacten", "no llame a este número", "nunca más me llame", "no me moleste",
            "no me llame hoy ni nunca", "no me vuelva a llamar antes de las nueve",
        ])
    func spanish(text: String) { #expect(OptOutPhrases.matches(text)) }

    @Test(
        "are not found where a time alone does not suit, where a call is wanted, or where something else is meant",
        arguments: [
            "stop, can you contact me tomorrow instead", "don't call me before nine", "do not call me before 9 am",
            "call me later", "please don't call me on Sundays", "don't call me at night", "don't call me after eight",
            "don't call me until Monday", "do not ring us so early", "don't call me tomorrow, call me on Friday",
            "I don't want you to call me during lunch", "I don't want any calls before ten",
            "don't call me later than nine", "why don't you call me tomorrow", "if you don't call me I will come",
            "don't forget to call me", "please don't hesitate to contact us", "I don't have time call me later",
            "I don't mind if you call me", "I don't know when to call you", "I don't want to miss your calls",
            "you can contact me tomorrow", "you don't need to call me back", "I am not interested",
            "I don't text", "we don't call people on that", "leave me a message", "remove the appointment",
            "I have to stop now", "the calls are fine", "take me off the waiting list please",
            "please remove me from your waiting list", "can you take me off hold", "I always forget my number",
            "you never call me back", "the phone stopped ringing", "quíteme de la lista de espera",
            "no me llame antes de las nueve", "no me llamen por la noche", "no me llame tan temprano",
            "no me llame mañana, llámeme el lunes", "no me llame después de las ocho", "no me llame los domingos",
            "no me llame más tarde de las nueve", "no quiero que me llamen antes de las diez", "llámeme más tarde",
            "no, yo no llamé", "no me llamo Pedro", "sí, puede llamarme", "no quiero perder su llamada",
            "quíteme una duda",
            "deje un mensaje", "no, gracias",
        ])
    func others(text: String) { #expect(!OptOutPhrases.matches(text)) }
}
