import CPhoneNumber

/// A telephone number that exists in its country's numbering plan, as libphonenumber knows it.
package struct PhoneNumber: Sendable, Hashable, Codable {
    /// What the numbering plan says of the line; mobile numbers may have moved since.
    package enum Line: String, Sendable, Codable, CaseIterable {
        case fixed, mobile, fixedOrMobile, tollFree, premiumRate, sharedCost, voip, personal, pager, company, voicemail
        case unknown
    }

    /// Why a text is no number that can be called.
    package enum Fault: String, Error, Sendable, CaseIterable {
        case notANumber = "is not a telephone number"
        case unknownCountry = "has no country code that exists; write +, the country code and the number"
        case tooShort = "is too short"
        case tooLong = "is too long"
        case notAssigned = "has the right length, but no such number is given out"
    }

    /// `+` and at most 15 digits.
    package let e164: String
    /// ISO 3166-1, two capital letters; `001` for numbers of no country.
    package let country: String
    package let line: Line
    /// The digits that say where in the country the line is; empty for a number that is of no place, as most mobile ones.
    package let areaCode: String

    /// Reads a number as people write it.
    ///
    /// - Parameters:
    ///   - text: of any length; more than 60 bytes are no number.
    ///   - country: of numbers without a country code, `US`.
    package init(_ text: String, country: String) throws(Fault) {
        guard text.utf8.count <= 60 else { throw .tooLong }
        var copy = text
        // SAFETY: the library reads the bytes within the call and keeps nothing.
        let parsed = copy.withUTF8 { bytes in
            unsafe bytes.withMemoryRebound(to: CChar.self) { characters in
                unsafe parley_phone_number_parse(characters.baseAddress, characters.count, country)
            }
        }
        if let fault = Fault(parsed.status) { throw fault }
        // SAFETY: the shim ends both with a zero byte within their arrays.
        e164 = unsafe withUnsafeBytes(of: parsed.e164) { unsafe Self.text($0) }
        self.country = unsafe withUnsafeBytes(of: parsed.region) { unsafe Self.text($0) }
        line = Line(parsed.kind)
        // SAFETY: as above.
        let national = unsafe withUnsafeBytes(of: parsed.national) { unsafe Self.text($0) }
        areaCode = String(national.prefix(max(0, Int(parsed.area_length))))
    }

    /// The digits without the country's code.
    package var national: String {
        var copy = e164
        // SAFETY: as in the initializer.
        let parsed = copy.withUTF8 { bytes in
            unsafe bytes.withMemoryRebound(to: CChar.self) { characters in
                unsafe parley_phone_number_parse(characters.baseAddress, characters.count, country)
            }
        }
        return unsafe withUnsafeBytes(of: parsed.national) { unsafe Self.text($0) }
    }

    private static func text(_ bytes: UnsafeRawBufferPointer) -> String {
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }

    /// A country of the North American plan other than the United States and Canada: other laws, and calls that cost.
    package var isOverseasNorthAmerican: Bool {
        e164.hasPrefix("+1") && !["US", "CA", "PR", "GU", "VI", "AS", "MP"].contains(country)
    }
}

extension PhoneNumber.Fault {
    init?(_ status: parley_phone_status) {
        switch status {
        case PARLEY_PHONE_VALID: return nil
        case PARLEY_PHONE_INVALID_COUNTRY_CODE: self = .unknownCountry
        case PARLEY_PHONE_TOO_SHORT: self = .tooShort
        case PARLEY_PHONE_TOO_LONG: self = .tooLong
        case PARLEY_PHONE_NOT_ASSIGNED: self = .notAssigned
        default: self = .notANumber
        }
    }
}

extension PhoneNumber.Line {
    init(_ kind: parley_line_kind) {
        self =
            switch kind {
            case PARLEY_LINE_FIXED: .fixed
            case PARLEY_LINE_MOBILE: .mobile
            case PARLEY_LINE_FIXED_OR_MOBILE: .fixedOrMobile
            case PARLEY_LINE_TOLL_FREE: .tollFree
            case PARLEY_LINE_PREMIUM_RATE: .premiumRate
            case PARLEY_LINE_SHARED_COST: .sharedCost
            case PARLEY_LINE_VOIP: .voip
            case PARLEY_LINE_PERSONAL: .personal
            case PARLEY_LINE_PAGER: .pager
            case PARLEY_LINE_COMPANY: .company
            case PARLEY_LINE_VOICEMAIL: .voicemail
            default: .unknown
            }
    }
}
