#include "phone_number.h"

#include <phonenumbers/phonenumber.pb.h>
#include <phonenumbers/phonenumberutil.h>

#include <cstring>
#include <string>

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

static parley_line_kind line_kind(PhoneNumberUtil::PhoneNumberType type) {
    switch (type) {
    case PhoneNumberUtil::FIXED_LINE: return PARLEY_LINE_FIXED;
    case PhoneNumberUtil::MOBILE: return PARLEY_LINE_MOBILE;
    case PhoneNumberUtil::FIXED_LINE_OR_MOBILE: return PARLEY_LINE_FIXED_OR_MOBILE;
    case PhoneNumberUtil::TOLL_FREE: return PARLEY_LINE_TOLL_FREE;
    case PhoneNumberUtil::PREMIUM_RATE: return PARLEY_LINE_PREMIUM_RATE;
    case PhoneNumberUtil::SHARED_COST: return PARLEY_LINE_SHARED_COST;
    case PhoneNumberUtil::VOIP: return PARLEY_LINE_VOIP;
    case PhoneNumberUtil::PERSONAL_NUMBER: return PARLEY_LINE_PERSONAL;
    case PhoneNumberUtil::PAGER: return PARLEY_LINE_PAGER;
    case PhoneNumberUtil::UAN: return PARLEY_LINE_COMPANY;
    case PhoneNumberUtil::VOICEMAIL: return PARLEY_LINE_VOICEMAIL;
    default: return PARLEY_LINE_UNKNOWN;
    }
}

static parley_phone_status status_of(PhoneNumberUtil::ErrorType error) {
    switch (error) {
    case PhoneNumberUtil::INVALID_COUNTRY_CODE_ERROR: return PARLEY_PHONE_INVALID_COUNTRY_CODE;
    case PhoneNumberUtil::TOO_SHORT_AFTER_IDD:
    case PhoneNumberUtil::TOO_SHORT_NSN: return PARLEY_PHONE_TOO_SHORT;
    case PhoneNumberUtil::TOO_LONG_NSN: return PARLEY_PHONE_TOO_LONG;
    default: return PARLEY_PHONE_NOT_A_NUMBER;
    }
}

extern "C" parley_phone_number parley_phone_number_parse(const char *text, size_t length, const char *region) {
    parley_phone_number result;
    std::memset(&result, 0, sizeof result);
    result.kind = PARLEY_LINE_UNKNOWN;
    const PhoneNumberUtil &util = *PhoneNumberUtil::GetInstance();
    PhoneNumber number;
    const auto error = util.Parse(std::string(text, length), region, &number);
    if (error != PhoneNumberUtil::NO_PARSING_ERROR) {
        result.status = status_of(error);
        return result;
    }
    switch (util.IsPossibleNumberWithReason(number)) {
    case PhoneNumberUtil::TOO_SHORT: result.status = PARLEY_PHONE_TOO_SHORT; return result;
    case PhoneNumberUtil::TOO_LONG: result.status = PARLEY_PHONE_TOO_LONG; return result;
    default: break;
    }
    if (!util.IsValidNumber(number)) {
        result.status = PARLEY_PHONE_NOT_ASSIGNED;
        return result;
    }
    result.status = PARLEY_PHONE_VALID;
    result.kind = line_kind(util.GetNumberType(number));
    std::string formatted, code, national;
    util.GetNationalSignificantNumber(number, &national);
    std::strncpy(result.national, national.c_str(), sizeof result.national - 1);
    result.area_length = util.GetLengthOfGeographicalAreaCode(number);
    util.Format(number, PhoneNumberUtil::E164, &formatted);
    util.GetRegionCodeForNumber(number, &code);
    std::strncpy(result.e164, formatted.c_str(), sizeof result.e164 - 1);
    std::strncpy(result.region, code.c_str(), sizeof result.region - 1);
    return result;
}
