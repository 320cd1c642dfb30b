#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What became of a text that should be a telephone number.
typedef enum {
    PARLEY_PHONE_VALID = 0,
    PARLEY_PHONE_NOT_A_NUMBER,
    PARLEY_PHONE_INVALID_COUNTRY_CODE,
    PARLEY_PHONE_TOO_SHORT,
    PARLEY_PHONE_TOO_LONG,
    /// The length is right, but no such number is given out.
    PARLEY_PHONE_NOT_ASSIGNED,
} parley_phone_status;

/// What kind of line a number belongs to, as far as the numbering plan says.
typedef enum {
    PARLEY_LINE_FIXED = 0,
    PARLEY_LINE_MOBILE,
    PARLEY_LINE_FIXED_OR_MOBILE,
    PARLEY_LINE_TOLL_FREE,
    PARLEY_LINE_PREMIUM_RATE,
    PARLEY_LINE_SHARED_COST,
    PARLEY_LINE_VOIP,
    PARLEY_LINE_PERSONAL,
    PARLEY_LINE_PAGER,
    PARLEY_LINE_COMPANY,
    PARLEY_LINE_VOICEMAIL,
    PARLEY_LINE_UNKNOWN,
} parley_line_kind;

typedef struct {
    parley_phone_status status;
    parley_line_kind kind;
    /// `+` and up to 15 digits, ended by a zero byte.
    char e164[24];
    /// ISO 3166-1, two letters and a zero byte; `001` for numbers of no country.
    char region[4];
    /// The digits without the country's code, ended by a zero byte.
    char national[24];
    /// How many digits of the national number, from its first, say where the line is; 0 for a number that is of no place.
    int area_length;
} parley_phone_number;

/// Reads `length` bytes of UTF-8 as a telephone number. A number without a country code is one of `region`; may be called
/// on any thread.
parley_phone_number parley_phone_number_parse(const char *text, size_t length, const char *region);

#ifdef __cplusplus
}
#endif
