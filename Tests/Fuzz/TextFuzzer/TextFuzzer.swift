import Glibc

/// The one that PARLEY_FUZZ_TEXT names, so that its executions can be counted; nil for all.
private let chosen: TextKind? = {
    guard let name = unsafe getenv("PARLEY_FUZZ_TEXT") else { return nil }
    let kind = unsafe TextKind(rawValue: String(cString: name))
    precondition(kind != nil, "PARLEY_FUZZ_TEXT names none of \(TextKind.allCases.map(\.rawValue))")
    return kind
}()

/// What libFuzzer calls with every input it makes up: the first byte chooses what is read, the rest is read.
///
/// Whatever comes, a reader answers with a value or with the error it declares, never with a trap.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzText(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    guard let first = input.first else { return 0 }
    let kind = chosen ?? TextKind.allCases[Int(first) % TextKind.allCases.count]
    kind.read(Array(input.dropFirst()))
    return 0
}
