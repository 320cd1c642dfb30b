import Foundation
import Testing

@testable import Speech

@Suite("Telephone band")
struct TelephoneBandTests {
    private func parameters(filters: Int = 25, upperEdge: Int = 6800, lifter: Int = 22) throws -> FeatureParameters {
        try FeatureParameters(
            text: """
                -lowerf 130
                -upperf \(upperEdge)
                -nfilt \(filters)
                -transform dct
                -lifter \(lifter)
                -feat 1s_c_d_dd
                -cmninit 41.00,-5.29,-0.12,5.09,2.48,-4.07,-1.37,-1.78,-5.08,-2.05,-6.45,-1.42,1.17
                """)
    }

    @Test("keeps the filters that lie wholly within what a telephone passes")
    func edges() throws {
        let band = try TelephoneBand(parameters: try parameters())
        #expect(band.filterCount == 18)
        #expect(band.lowerEdge == 130)
        #expect((3300...TelephoneBand.limit).contains(band.upperEdge))
    }

    @Test("the matrix gives the cepstra that the kept filters alone have", arguments: [0, 22])
    func matrix(lifter: Int) throws {
        let band = try TelephoneBand(parameters: try parameters(lifter: lifter))
        // The logarithmic energies of the 25 filters of some smooth sound, as 13 cepstra can describe it.
        let plain = (0..<13).map { 10 * sin(Double($0 * $0) + 1) }
        let energies = (0..<25).map { filter in
            (0..<13).reduce(0) { $0 + plain[$1] * Self.cosine($1, filter, of: 25) }
        }
        let direct = (0..<13).map { row in
            Self.weight(row, lifter) * (0..<18).reduce(0) { $0 + energies[$1] * Self.cosine(row, $1, of: 18) }
        }
        let mapped = band.apply((0..<13).map { plain[$0] * Self.weight($0, lifter) })
        for (mapped, direct) in zip(mapped, direct) { #expect(abs(mapped - direct) < 1e-9) }
    }

    @Test("a model that has all its filters below the limit stays as it is, but for wider variances")
    func identity() throws {
        let band = try TelephoneBand(parameters: try parameters(filters: 13, upperEdge: 3400))
        let cepstrum = (0..<13).map(Double.init)
        for (mapped, original) in zip(band.apply(cepstrum), cepstrum) { #expect(abs(mapped - original) < 1e-9) }
        let scale = band.varianceScale((1...13).map(Double.init))
        #expect(scale.allSatisfy { abs($0 - scale[0]) < 1e-9 && $0 >= 1 })
    }

    @Test("variances stay positive, and none becomes more certain than the map alone makes it")
    func variances() throws {
        let band = try TelephoneBand(parameters: try parameters())
        let variances = (1...13).map { 100 / Double($0) }
        let scale = band.varianceScale(variances)
        for row in 0..<13 {
            let mapped = zip(band.matrix[row], variances).reduce(0) { $0 + $1.0 * $1.0 * $1.1 } / variances[row]
            #expect(scale[row] > mapped)
        }
    }

    @Test("the front end is told of the band and keeps the model's other settings")
    func settings() throws {
        let parameters = try parameters()
        let band = try TelephoneBand(parameters: parameters)
        let derived = try FeatureParameters(
            text: band.featureParameters(from: parameters, initialMean: parameters.initialMean.map { $0 + 1 }))
        #expect(derived.values["-samprate"] == "8000")
        #expect(derived.filterCount == 18)
        #expect(abs(derived.upperEdge - band.upperEdge) < 1e-3)
        #expect(derived.lifter == 22)
        #expect(derived.initialMean.first == 42)
    }

    @Test("the transform has one square matrix, a bias of zero and a scale for each stream")
    func transform() throws {
        let band = try TelephoneBand(parameters: try parameters())
        let lines = band.transformFile(variances: Array(repeating: Array(repeating: 2, count: 13), count: 3))
            .split(separator: "\n")
        #expect(lines.count == 2 + 3 * (1 + 13 + 2))
        #expect(lines.prefix(3) == ["1", "3", "13"])
        #expect(lines[3].split(separator: " ").count == 13)
        #expect(lines[16].split(separator: " ").allSatisfy { $0 == "0" })
    }

    @Test("a model with too few filters below the limit is refused", arguments: [0, 1, 13, 17])
    func tooFew(filters: Int) {
        let error = #expect(throws: SpeechError.self) {
            try TelephoneBand(parameters: try parameters(filters: filters))
        }
        #expect(error?.code == .invalidModel)
    }

    private static func cosine(_ row: Int, _ column: Int, of size: Int) -> Double {
        let value = cos(Double.pi / Double(size) * (Double(column) + 0.5) * Double(row))
        return value * (row == 0 ? 1 / Double(size) : 2 / Double(size)).squareRoot()
    }

    private static func weight(_ index: Int, _ lifter: Int) -> Double {
        lifter == 0 ? 1 : 1 + Double(lifter) / 2 * sin(.pi * Double(index) / Double(lifter))
    }
}
