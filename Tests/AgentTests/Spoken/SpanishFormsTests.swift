import Testing

@testable import Agent

@Suite("How values are said in Spanish")
struct SpanishFormsTests {
    @Test(
        "numbers",
        arguments: [
            (0, "cero"), (16, "dieciséis"), (21, "veintiuno"), (42, "cuarenta y dos"), (100, "cien"),
            (105, "ciento cinco"), (999, "novecientos noventa y nueve"), (1000, "mil"),
            (1985, "mil novecientos ochenta y cinco"),
            (21_000, "veintiún mil"), (-3, "menos tres"), (1_234_567, "uno dos tres cuatro cinco seis siete"),
        ])
    func numbers(value: Int, spoken: String) { #expect(SpanishNumbers.speak(value) == spoken) }

    @Test(
        "times, which have the article that goes with the hour",
        arguments: [
            ("10:30", "a las diez y media"), ("01:15", "a la una y cuarto"), ("13:00", "a la una de la tarde"),
            ("14:45", "a las dos y cuarenta y cinco de la tarde"), ("12:00", "a las doce del mediodía"),
            ("20:05", "a las ocho y cinco de la noche"), ("00:00", "a las doce de la noche"),
        ])
    func times(text: String, spoken: String) { #expect(ClockTime(text: text).map { SpanishForms.at($0) } == spoken) }

    @Test("days, and when something will be")
    func days() throws {
        let day = try #require(CivilDate(iso: "2026-12-01"))
        #expect(SpanishForms.date(day) == "martes primero de diciembre")
        #expect(SpanishForms.fullDate(day) == "primero de diciembre de dos mil veintiséis")
        let time = try #require(ClockTime(text: "09:00"))
        #expect(SpokenLanguage.spanish.moment(day, time, today: day) == "hoy a las nueve")
        #expect(
            SpokenLanguage.spanish.moment(day, time, today: day.adding(days: -1))
                == "el martes primero de diciembre a las nueve")
        #expect(SpokenLanguage.english.moment(day, nil, today: day) == "today")
        #expect(SpokenLanguage.spanish.moment(nil, nil, today: day) == "")
    }

    @Test("how many minutes")
    func minutes() {
        #expect(
            [1, 2, 21, 31].map { SpokenLanguage.spanish.minutes($0) } == [
                "un minuto", "dos minutos", "veintiún minutos", "treinta y un minutos",
            ])
        #expect([1, 3].map { SpokenLanguage.english.minutes($0) } == ["one minute", "three minutes"])
    }

    @Test("lists, fractions and figures")
    func others() {
        #expect(SpanishForms.list(["nueve", "diez", "once"], isChoice: true) == "nueve, diez u once")
        #expect(SpanishForms.list(["nueve", "diez"], isChoice: true) == "nueve o diez")
        #expect(SpanishForms.list(["Ana", "Inés"], isChoice: false) == "Ana e Inés")
        #expect(SpanishForms.number(21.5) == "veintiuno coma cinco")
        #expect(SpanishForms.number(-0.5) == "menos cero coma cinco")
        #expect(SpanishForms.digits("600123") == "seis cero cero, uno dos tres")
    }

    @Test(
        "a telephone number is heard in figures and in groups, with accents and without",
        arguments: [
            ("seis cero cero uno dos tres cuatro cinco seis", "600123456"),
            ("es el seiscientos doce, treinta y cuatro, cincuenta y seis, setenta", "612345670"),
            ("cien, doscientos veintidos, dieciséis", "10022216"), ("no lo sé", ""),
        ])
    func figures(text: String, digits: String) { #expect(SpanishNumbers.figures(in: SpokenText.words(text)) == digits) }

    @Test("values in an agent's sentences are said in its language")
    func templates() throws {
        let template = try Template("{day} a las {time}, {count|count}, {list}, {sure}, {phone}")
        let values: [String: JSONValue] = [
            "day": "2026-12-01", "time": "10:30", "count": ["a", "b"], "list": ["09:00", "11:00"], "sure": true,
            "phone": "600123456",
        ]
        let said = template.render(in: .spanish) { $0.first.flatMap { values[$0] } }
        #expect(
            said == "martes primero de diciembre a las diez y media, dos, nueve u once, sí, "
                + "seis cero cero, uno dos tres, cuatro cinco seis")
    }

    @Test("a read-back names in Spanish what it asks a yes for")
    func readBack() {
        let arguments: JSONValue = ["date": "2026-12-01", "time": "10:30", "people": 4]
        #expect(
            ReadBack.missing(
                arguments, in: "¿El martes primero de diciembre a las diez y media, para cuatro?", language: .spanish)
                == [])
        #expect(
            ReadBack.missing(arguments, in: "¿El martes a las diez y cuarto, para cuatro?", language: .spanish)
                == ["time"])
        let eleven: JSONValue = ["time": "11:00", "people": 11]
        #expect(ReadBack.missing(eleven, in: "¿A las once, para once?", language: .spanish) == [])
        #expect(ReadBack.missing(eleven, in: "Shall I book it at once?") == ["people", "time"])
    }
}
