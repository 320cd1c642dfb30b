import Glibc

/// The discrete Fourier transform of a fixed size whose prime factors are small.
///
/// Stockham's algorithm: one pass for each factor, from one buffer to the other, without sorting. A plan with its scratch
/// memory; a transform allocates nothing.
struct FourierTransform {
    /// The roots of unity, e^(-2πik/size).
    private struct Roots {
        let real: [Double]
        let imaginary: [Double]
    }

    let size: Int
    private let factors: [Int]
    private let roots: Roots
    private var scratchReal: [Double]
    private var scratchImaginary: [Double]

    /// - Parameters:
    ///   - factors: their product is the size; 2...8 each.
    init(factors: [Int]) {
        let size = factors.reduce(1, *)
        precondition(factors.allSatisfy { (2...8).contains($0) }, "factors of 2...8")
        self.size = size
        self.factors = factors
        let angles = (0..<size).map { -2 * Double.pi * Double($0) / Double(size) }
        roots = Roots(real: angles.map { cos($0) }, imaginary: angles.map { sin($0) })
        scratchReal = [Double](repeating: 0, count: size)
        scratchImaginary = [Double](repeating: 0, count: size)
    }

    /// Replaces the ``size`` complex numbers by their transform.
    mutating func transform(real: inout [Double], imaginary: inout [Double]) {
        precondition(real.count == size && imaginary.count == size, "a signal of the plan's size")
        var length = size
        var stride = 1
        for factor in factors {
            Self.pass(factor, length, stride, roots, real, imaginary, into: &scratchReal, &scratchImaginary)
            swap(&real, &scratchReal)
            swap(&imaginary, &scratchImaginary)
            length /= factor
            stride *= factor
        }
    }

    /// One pass: butterflies of `radix` numbers, from one pair of arrays into the other.
    ///
    /// - Parameters:
    ///   - length: of the transforms that are still to be done.
    ///   - stride: how many of them there are side by side.
    private static func pass(
        _ radix: Int, _ length: Int, _ stride: Int, _ roots: Roots, _ real: [Double], _ imaginary: [Double],
        into outputReal: inout [Double], _ outputImaginary: inout [Double]
    ) {
        let part = length / radix
        for position in 0..<part {
            for output in 0..<radix {
                // The twiddle of the output, then the roots of the butterfly.
                let twiddle = position * output * stride % roots.real.count
                let (c, s) = (roots.real[twiddle], roots.imaginary[twiddle])
                for lane in 0..<stride {
                    var (sumReal, sumImaginary) = (0.0, 0.0)
                    for input in 0..<radix {
                        let root = input * output % radix * (roots.real.count / radix)
                        let index = lane + stride * (position + part * input)
                        let (a, b) = (real[index], imaginary[index])
                        sumReal += a * roots.real[root] - b * roots.imaginary[root]
                        sumImaginary += a * roots.imaginary[root] + b * roots.real[root]
                    }
                    let index = lane + stride * (radix * position + output)
                    outputReal[index] = sumReal * c - sumImaginary * s
                    outputImaginary[index] = sumReal * s + sumImaginary * c
                }
            }
        }
    }
}
