import Testing

@testable import Service

@Suite("Words that end all calls, and those that only put one off or refuse a name")
struct OptOutLimitsTests {
    @Test(
        "all calls end, also where it is in doubt",
        arguments: [
            "don't call me miss I told you", "don't call me mister goodbye", "no me llame señor por favor",
            "no me llame, señorita, ¿entiende?", "no me llame, don Carlos", "no me llame señora adiós",
            "no me llame señorita estoy trabajando", "don't call me, mister, understood?", "don't call me miss hello",
            "Don't call me Back.", "don't call me. Listen, my name is Carlos.",
            "don't call me listen my name is carlos",
            "Please don't call me Yes.", "don't call me Hello?", "No me llame Adiós.",
            "you know why, don't call me", "don't call me a 3rd time", "don't call me a 100 times a day",
            "don't call me until I call you", "don't call me before I tell you to",
            "no me llamen hasta que yo les llame",
            "don't call me in 2025", "no more calls about 2024", "no more missed calls",
            "I don't want any more missed calls", "don't call me at one of my numbers",
            "please stop these missed calls",
            "don't call me yet again", "don't call me now that I have told you", "don't call me now on",
            "I want no calls", "no more phone calls please", "I want no phone calls", "we want no more of your calls",
            "no phone calls please", "no calls please", "please no calls", "no further calls", "I prefer no calls",
            "I don't want you calling", "I don't like being called", "please no longer call me", "stop all contact",
            "no more calls right now", "no more calls ever", "don't call me from now on", "don't call me from today",
            "don't call me from Monday", "don't call me now or ever", "don't call me now or later",
            "don't call me right now or again", "don't call me today and never again",
            "don't call me now or in the future", "don't call me forever", "don't call me, I'm driving",
            "don't call me again today", "don't call me at work", "don't call me, Bill", "don't call me bill",
            "DON'T CALL ME BILL", "Don't call me Again.", "don't call me Please", "don't call me sir",
            "don't call me mister", "don't call me when I said so", "don't call me every week",
            "don't ever call me right now", "stop calling me right now",
            "don't call me Bill, and take me off your list", "I don't like to be called",
            "I don't like to be called at home", "I don't like to be called constantly", "don't call me by phone",
            "don't call me, call me names", "don't call me that often", "don't call me for two years",
            "don't call me as of now", "don't call me today, remove my number", "ya no me llame ahora",
            "no me llamen de ahora en adelante", "no me llame desde hoy", "no me llamen de hoy en adelante",
            "no me llame a partir de ahora", "no me gusta que me llamen", "prefiero no recibir llamadas",
            "no acepto llamadas", "no llamadas por favor", "no me llame ni ahora ni nunca",
            "no me llame hoy ni luego", "no me llame, señor", "no me llame Nunca.", "no me llame, estoy conduciendo",
            "no me llame más ahora", "no me llamen así de temprano y tampoco de tarde, déjeme en paz",
            "no quiero llamadas", "don't call me Monday through Friday and never on Sundays",
        ])
    func ends(text: String) { #expect(OptOutPhrases.matches(text)) }

    @Test(
        "no more than a moment, some hours, or a name is refused",
        arguments: [
            "don't call me right now", "don't call me now", "don't call me today, I'm driving",
            "please don't call me at the moment", "don't call right now", "don't bother me right now",
            "don't call me just now", "don't call me for now", "don't call me yet", "don't call me when I'm driving",
            "don't call me when we are at dinner", "don't call me this week", "don't call me next week",
            "don't call me this morning", "don't call me from Monday to Friday",
            "don't call me from now until Tuesday", "I don't want to be called right now",
            "I don't want any calls right now", "I want no calls before nine", "I want no calls on Sundays",
            "no more calls today", "I don't like to be called Bill", "don't call me Bill",
            "Don't call me Bill, call me William.", "please don't call me Mr. Miller", "stop calling me Bill",
            "I don't want to be called Billy Miller.", "don't call me bill call me william",
            "please don't call me bill my name is william", "don't call me that", "don't call me that please",
            "don't call me by my first name", "don't call me mister miller", "we want no missed calls",
            "I have no calls today", "you no longer call me", "no me llame ahora", "no me llames ahora mismo",
            "no me llame en este momento, estoy conduciendo", "no me llame cuando estoy trabajando",
            "no me llame todavía", "no me llame esta semana", "no me llame esta noche",
            "no me llamen de lunes a viernes", "no me llame de noche", "no me llame por ahora", "no me llame Pepe",
            "no me llame así", "no me llames así por favor", "no me llame por mi apellido", "no me llame señor lópez",
            "no me llames pepe, llámame josé", "no me gusta que me llamen antes de las nueve",
            "no me gusta que me llamen Pepe", "please call me William", "my name is Bill, call me Bill",
            "there were no calls", "I got no calls yesterday", "no quiero llamadas por la noche",
        ])
    func goesOn(text: String) { #expect(!OptOutPhrases.matches(text)) }
}
