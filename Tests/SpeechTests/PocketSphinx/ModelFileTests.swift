import Foundation
import Testing

@testable import Speech

@Suite("Files of an acoustic model")
struct ModelFileTests {
    private static let goodParameters = [
        "-lowerf": "130", "-upperf": "6800", "-nfilt": "25", "-transform": "dct", "-lifter": "22", "-feat": "1s_c_d_dd",
        "-cmninit": "41.00,-5.29,-0.12,5.09,2.48,-4.07,-1.37,-1.78,-5.08,-2.05,-6.45,-1.42,1.17",
    ]

    private static func text(_ values: [String: String]) -> String {
        values.map { "\($0.key) \($0.value)\n" }.joined()
    }

    @Test("feature parameters are read in any order")
    func parameters() throws {
        let parameters = try FeatureParameters(text: Self.text(Self.goodParameters))
        #expect(parameters.filterCount == 25)
        #expect(parameters.lowerEdge == 130)
        #expect(parameters.upperEdge == 6800)
        #expect(parameters.lifter == 22)
        #expect(parameters.cepstrumSize == 13)
        #expect(parameters.initialMean.last == 1.17)
    }

    @Test(
        "feature parameters that are missing or of another kind are refused with a reason",
        arguments: [
            ("-transform", nil), ("-transform", "legacy"), ("-feat", "s3_1x39"), ("-nfilt", "many"), ("-nfilt", nil),
            ("-nfilt", "0"), ("-nfilt", "-3"), ("-lowerf", "7000"), ("-lowerf", "nan"), ("-upperf", nil),
            ("-cmninit", "41.00,-5.29"),
            ("-cmninit", "41.00,x,-0.12,5.09,2.48,-4.07,-1.37,-1.78,-5.08,-2.05,-6.45,-1.42,1.17"),
        ] as [(String, String?)])
    func damagedParameters(key: String, value: String?) {
        var values = Self.goodParameters
        values[key] = value
        let error = #expect(throws: SpeechError.self) { try FeatureParameters(text: Self.text(values)) }
        #expect(error?.code == .invalidModel)
        #expect(error?.detail.contains(key) == true)
    }

    @Test("a file that is not there is named, with the package that brings it")
    func absent() {
        let file = URL(filePath: "/nonexistent/feat.params")
        let error = #expect(throws: SpeechError.self) { try FeatureParameters(contentsOf: file) }
        #expect(error?.operation == "read /nonexistent/feat.params")
        #expect(error?.detail.contains("pocketsphinx-en-us") == true)
        let other = #expect(throws: SpeechError.self) { try GaussianVariances(contentsOf: file) }
        #expect(other?.detail.contains("/nonexistent/feat.params") == true)
    }

    /// A `variances` file of two codebooks, three streams and two densities.
    private static func variances(
        header: String = "s3\nversion 1.0\nendhdr\n", magic: UInt32 = 0x1122_3344, codebooks: UInt32 = 2,
        length: UInt32 = 13, value: (Int) -> Float = { Float($0 / 13 % 2 + 1) }
    ) -> [UInt8] {
        let count = 2 * 3 * 2 * 13
        let words =
            [magic, codebooks, 3, 2, length, length, length, UInt32(count)] + (0..<count).map { value($0).bitPattern }
        return Array(header.utf8)
            + words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    }

    @Test("variances are averaged over codebooks and densities for each stream and dimension")
    func means() throws {
        let variances = try GaussianVariances(bytes: Self.variances())
        // Densities alternate between 1 and 2.
        #expect(variances.means == Array(repeating: Array(repeating: 1.5, count: 13), count: 3))
    }

    @Test(
        "damaged variances are refused with a reason",
        arguments: [
            ([], "no endhdr"),
            (variances(header: "s3\n"), "no endhdr"),
            (variances(header: String(repeating: "x", count: 5000) + "endhdr\n"), "no endhdr"),
            (variances(magic: 0x4433_2211), "not little endian"),
            (variances(codebooks: 0), "0 codebooks"),
            (variances(codebooks: .max), "4294967295 codebooks"),
            (variances(codebooks: 3), "156 values"),
            (variances(length: 12), "156 values in streams of [12, 12, 12]"),
            (Array(variances().dropLast()), "156 values"),
            (Array(variances().prefix(30)), "ends at byte 30"),
            (variances { _ in 0 }, "a variance is not positive"),
            (variances { $0 == 5 ? .nan : 1 }, "a variance is not positive"),
            (variances { $0 == 5 ? .infinity : 1 }, "a variance is not positive"),
        ] as [([UInt8], String)])
    func damagedVariances(bytes: [UInt8], reason: String) {
        let error = #expect(throws: SpeechError.self) { try GaussianVariances(bytes: bytes) }
        #expect(error?.code == .invalidModel)
        #expect(error?.detail.hasPrefix(reason) == true, "\(error?.detail ?? "")")
    }

    @Test("any cut through the header is refused, none brings the process down")
    func cuts() {
        let whole = Self.variances()
        for length in 0..<60 {
            #expect(throws: SpeechError.self) { try GaussianVariances(bytes: Array(whole.prefix(length))) }
        }
    }
}
