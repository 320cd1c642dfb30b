import TestSupport
import Testing

@testable import Speech

@Suite("Written text as it is said")
struct SpeakableTextTests {
    @Test(
        "English",
        arguments: [
            // Words stay words.
            ("Your appointment is booked.", "Your appointment is booked."),
            ("It's Tuesday, isn't it?", "It's Tuesday, isn't it?"),
            // Numbers.
            ("We have 3 rooms.", "We have three rooms."),
            ("That makes 1,234 of them.", "That makes one thousand two hundred thirty-four of them."),
            ("It is 3.14 long.", "It is three point one four long."),
            ("It is -5 outside.", "It is minus five outside."),
            ("We open 8-18 every day.", "We open eight to eighteen every day."),
            ("Version 2.1.3 is out.", "Version two point one point three is out."),
            ("The 1st and the 22nd.", "The first and the twenty-second."),
            ("Add 1/2 a cup.", "Add one half a cup."),
            ("Order 12345678.", "Order one two three four five six seven eight."),
            ("Room 007.", "Room zero zero seven."),
            ("It was built in 1998.", "It was built in nineteen ninety-eight."),
            ("1,000,000 people", "one million people"),
            ("A 4x4 grid.", "A four by four grid."),
            // Money.
            ("It costs $5.", "It costs five dollars."),
            ("It costs $5.50 today.", "It costs five dollars and fifty cents today."),
            ("Only $0.99!", "Only ninety-nine cents!"),
            ("$1 is enough.", "one dollar is enough."),
            ("€1,200 or 1200 EUR", "one thousand two hundred euros or one thousand two hundred euros"),
            ("£3.5 million", "three point five million pounds"),
            ("It made $20k.", "It made twenty thousand dollars."),
            // Dates and times.
            ("On 2026-12-01.", "On December first, twenty twenty-six."),
            ("On 12/01/2026.", "On December first, twenty twenty-six."),
            ("On Dec 1.", "On December first."),
            ("On December 2, 2005", "On December second, two thousand five"),
            ("On 3 March.", "On the third of March."),
            ("On 3 Mar. at noon.", "On the third of March at noon."),
            ("At 10:30.", "At ten thirty."),
            ("At 10:00.", "At ten o'clock."),
            ("At 14:05.", "At two oh five p m."),
            ("At 10:30 AM", "At ten thirty a m"),
            ("At 9 p.m.", "At nine p m"),
            ("At 00:15.", "At twelve fifteen a m."),
            // Telephone numbers and addresses.
            ("Call 555-0123.", "Call five five five, zero one two three."),
            ("Call +1 555 010 0199.", "Call plus one, five five five, zero one zero, zero one nine nine."),
            ("Call (555) 010-0199.", "Call five five five, zero one zero, zero one nine nine."),
            ("Mail info@lakeside.example.com.", "Mail info at lakeside dot example dot com."),
            ("See https://www.example.com/help?x=1 for more.", "See example dot com slash help for more."),
            ("See example.org.", "See example dot org."),
            // Signs, units, abbreviations, acronyms.
            ("20% off", "twenty percent off"),
            ("It is 21°C inside.", "It is twenty-one degrees celsius inside."),
            ("5 km away, 1 kg each.", "five kilometers away, one kilogram each."),
            ("Smith & Sons", "Smith and Sons"),
            ("coffee and/or tea", "coffee and or tea"),
            ("Dr. Lee is in.", "Doctor Lee is in."),
            ("Fruit, e.g. apples", "Fruit, for example apples"),
            ("We sent an SMS with the URL.", "We sent an S M S with the U R L."),
            ("Your PIN, ASAP.", "Your pin, asap."),
            ("The FAQs help.", "The F A Q's help."),
            // For the eye only.
            ("**Great**, that's _done_! 🎉", "Great, that's done!"),
            ("# Hours\n- Monday\n- Tuesday", "Hours Monday, Tuesday."),
            ("See [our site](https://x.example) now.", "See our site now."),
            ("`code` and ~~old~~ new", "code and old new"),
            ("1. First\n2. Second", "one: First two: Second"),
            ("| a | b |\n|---|---|\n| c | d |", "a, b, c, d."),
            ("“Quoted” — well…", "Quoted, well..."),
            ("👩‍👩‍👧 ❤️", ""),
            ("", ""),
        ])
    func english(written: String, spoken: String) {
        #expect(SpeakableText.make(from: written) == spoken)
    }

    @Test(
        "Spanish",
        arguments: [
            ("Tengo 21 años.", "Tengo veintiuno años."),
            ("Cuesta 1.234,50 €.", "Cuesta mil doscientos treinta y cuatro euros con cincuenta céntimos."),
            ("Cuesta $1.", "Cuesta un dólar."),
            ("El 1 de diciembre de 2026", "El primero de diciembre de dos mil veintiséis"),
            ("El 01/12/2026.", "El primero de diciembre de dos mil veintiséis."),
            ("A las 10:30.", "A las diez y media."),
            ("A la 1:15.", "A la una y cuarto."),
            ("A las 16:20.", "A las cuatro y veinte de la tarde."),
            ("A las 22:00.", "A las diez de la noche."),
            ("Un 20% menos", "Un veinte por ciento menos"),
            ("Son 3,5 km.", "Son tres coma cinco kilómetros."),
            ("La 2ª planta, el 3º piso", "La segunda planta, el tercero piso"),
            ("Escriba a info@clinica.es.", "Escriba a info arroba clinica punto es."),
            ("Llame al +34 600 123 456.", "Llame al más tres cuatro, seis cero cero, uno dos tres, cuatro cinco seis."),
            ("La Dra. Gómez y el Sr. Ruiz", "La doctora Gómez y el señor Ruiz"),
            ("De 8-18 horas", "De ocho a dieciocho horas"),
            ("100 y 101 y 1000 y 31000", "cien y ciento uno y mil y treinta y un mil"),
        ])
    func spanish(written: String, spoken: String) {
        #expect(SpeakableText.make(from: written, locale: .spanish) == spoken)
    }

    @Test("the dictionary's words are read as it says, whole words only, longest first")
    func pronunciations() {
        let dictionary: [String: Pronunciation] = [
            "Lakeside": "lake side", "St. Mary": "saint mary", "St.": "street", "lead": "led",
        ]
        let read = { SpeakableText.make(from: $0, pronunciations: dictionary) }
        #expect(read("Lakeside is near St. Mary.") == "lake side is near saint mary.")
        #expect(read("LAKESIDE, please.") == "lake side, please.")
        #expect(read("Lakesides lead the leaders.") == "Lakesides led the leaders.")
    }

    @Test("a word's sounds stand beside it, and no reading touches them")
    func sounds() {
        let dictionary = ["Siobhan": Pronunciation("shi vawn", sounds: "ʃɪ.ˈvɔːn"), "Lakeside": "lake side"]
        let text = SpeakableText.make(from: "Siobhan, of Lakeside: 10:30 & **siobhan**!", pronunciations: dictionary)
        #expect(
            InterlinearAnnotation.ssml(text)
                == "<phoneme alphabet=\"ipa\" ph=\"ʃɪ.ˈvɔːn\">shi vawn</phoneme>, of lake side: ten thirty and "
                + "<phoneme alphabet=\"ipa\" ph=\"ʃɪ.ˈvɔːn\">shi vawn</phoneme>!")
        #expect(InterlinearAnnotation.plain(text) == "shi vawn, of lake side: ten thirty and shi vawn!")
        // What a model writes is never ours.
        let forged = SpeakableText.make(from: "A \u{FFF9}b\u{FFFA}c\u{FFFB} \u{E000}.", pronunciations: dictionary)
        #expect(InterlinearAnnotation.ssml(forged) == nil && !forged.unicodeScalars.contains("\u{E000}"))
    }

    @Test("whatever is written, no digit and no sign for the eye reaches a voice")
    func nothingLeft() {
        let pieces = [
            "12", "3.5", "-", "$", "%", "@", "x", "A", ":", "/", " ", "*", "_", "#", "€", ".", ",", "+", "°", "30",
            "1999",
            "kg", "é", "🎉", "(", ")", "T", "0",
        ]
        for seed in 0..<1500 {
            var generator = SplitMix64(state: UInt64(seed))
            let text = (0..<12).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
            for locale in SpeechLocale.allCases {
                let spoken = SpeakableText.make(from: text, locale: locale)
                #expect(!spoken.contains { $0.isNumber }, "\(text) → \(spoken)")
                #expect(!spoken.contains { "$%@#*_€°🎉+".contains($0) }, "\(text) → \(spoken)")
            }
        }
    }

    @Test(
        "a language tag finds its locale",
        arguments: [("en-US", SpeechLocale.english), ("es", .spanish), ("es_MX", .spanish)])
    func tags(tag: String, locale: SpeechLocale) {
        #expect(SpeechLocale(tag: tag) == locale)
        #expect(SpeechLocale(tag: "fi") == nil)
    }
}
