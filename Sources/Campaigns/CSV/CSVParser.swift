/// Reads comma-separated values as RFC 4180 describes them, from bytes that arrive in pieces: bounded memory for files of
/// any size, and a bad record costs itself only.
///
/// Lines may end in CR LF, LF or CR. Our own, and small, because no maintained Swift package that reads in pieces and
/// reports the line of a fault is to be had.
package struct CSVParser: Sendable {
    package enum Record: Sendable, Equatable {
        /// `line` is where it begins, from 1.
        case row(line: Int, fields: [String])
        /// `beginning` is what of it may be shown: 80 bytes at most, printable.
        case fault(line: Int, reason: String, beginning: String)
    }

    /// Bytes of one record; more are a fault.
    package static let recordLimit = 65_536
    /// Fields of one record; more are a fault.
    package static let fieldLimit = 200

    private enum State: Sendable {
        case fieldStart, plain, quoted, quoteInQuoted
        /// The record is faulty; the next line end ends it.
        case skipping(quoted: Bool)
    }

    private let delimiter: UInt8
    private var transcoder: TextTranscoder
    private var state = State.fieldStart
    private var field: [UInt8] = []
    private var fields: [String] = []
    private var size = 0
    private var beginning: [UInt8] = []
    private var fault: String?
    private var line = 1
    private var recordLine = 1
    private var lastWasCarriageReturn = false

    package init(_ dialect: CSVDialect) {
        delimiter = dialect.delimiter
        transcoder = TextTranscoder(dialect.encoding)
    }

    /// Reads the next piece of the file and returns the records that end in it.
    package mutating func parse(_ piece: ArraySlice<UInt8>) -> [Record] {
        var records: [Record] = []
        for byte in transcoder.decode(piece) {
            if let record = take(byte) { records.append(record) }
        }
        return records
    }

    /// The record that the end of the file ends, if there is one.
    package mutating func finish() -> Record? {
        if case .quoted = state { flag("a quoted field is not closed; the file may have been cut") }
        guard size > 0 else { return nil }
        return endRecord()
    }

    private mutating func take(_ byte: UInt8) -> Record? {
        let isLineFeedOfPair = byte == UInt8(ascii: "\n") && lastWasCarriageReturn
        lastWasCarriageReturn = byte == UInt8(ascii: "\r")
        if byte == UInt8(ascii: "\r") || (byte == UInt8(ascii: "\n") && !isLineFeedOfPair) { line += 1 }
        if isLineFeedOfPair {
            if case .quoted = state { field.append(byte) }
            return nil
        }
        let isLineEnd = byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
        if isLineEnd {
            switch state {
            case .quoted, .skipping(quoted: true): break
            default: return endRecord()
            }
        }
        size += 1
        if beginning.count < 80 { beginning.append(byte) }
        if size == Self.recordLimit + 1 {
            flag("is longer than \(Self.recordLimit) bytes")
            // Most likely a quote that is never closed: the next line begins anew, whatever it says about quotes.
            state = .skipping(quoted: false)
        }
        if byte == 0, fault == nil { flag("holds a zero byte; save the file as text") }
        step(byte)
        return nil
    }

    private mutating func step(_ byte: UInt8) {
        switch state {
        case .fieldStart where byte == UInt8(ascii: "\""): state = .quoted
        case .fieldStart where byte == delimiter: endField()
        case .fieldStart:
            field.append(byte)
            state = .plain
        case .plain where byte == delimiter: endField()
        case .plain where byte == UInt8(ascii: "\""):
            flag("has a quote within a field that does not begin with one; double it and put the field in quotes")
        case .plain: field.append(byte)
        case .quoted where byte == UInt8(ascii: "\""): state = .quoteInQuoted
        case .quoted: field.append(byte)
        case .quoteInQuoted where byte == UInt8(ascii: "\""):
            field.append(byte)
            state = .quoted
        case .quoteInQuoted where byte == delimiter: endField()
        case .quoteInQuoted: flag("has text after the closing quote of a field")
        case .skipping(let quoted):
            if byte == UInt8(ascii: "\""), size <= Self.recordLimit { state = .skipping(quoted: !quoted) }
        }
    }

    private mutating func endField() {
        if fault == nil, fields.count < Self.fieldLimit {
            if let text = String(validating: field, as: UTF8.self) {
                fields.append(text)
            } else {
                fault = "is not UTF-8; save the file as UTF-8, or name its encoding"
            }
        } else if fault == nil {
            fault = "has more than \(Self.fieldLimit) fields"
        }
        field.removeAll(keepingCapacity: true)
        if case .skipping = state { return }
        state = .fieldStart
    }

    /// The first fault of a record is the one that is told.
    private mutating func flag(_ reason: String) {
        if fault == nil { fault = reason }
        let isQuoted = if case .quoted = state { true } else { false }
        field.removeAll(keepingCapacity: true)
        state = .skipping(quoted: isQuoted)
    }

    private mutating func endRecord() -> Record? {
        defer {
            state = .fieldStart
            field.removeAll(keepingCapacity: true)
            fields.removeAll(keepingCapacity: true)
            beginning.removeAll(keepingCapacity: true)
            fault = nil
            size = 0
            recordLine = line
        }
        // An empty line is no record.
        guard size > 0 else { return nil }
        if fault == nil { endField() }
        guard let fault else { return .row(line: recordLine, fields: fields) }
        return .fault(line: recordLine, reason: fault, beginning: Self.printable(beginning))
    }

    private static func printable(_ bytes: [UInt8]) -> String {
        String(
            String(decoding: bytes, as: UTF8.self).unicodeScalars.map { $0.properties.isPatternWhitespace ? " " : $0 }
                .filter { $0.value >= 0x20 && $0.value != 0x7F }.map(Character.init))
    }
}
