#pragma once
#include <libpq-fe.h>

// Macros of the server's headers, which libpq's users write down themselves: the kinds of columns (pg_type.dat).
enum parley_pg_type {
    PARLEY_PG_BOOL = 16,
    PARLEY_PG_BYTEA = 17,
    PARLEY_PG_INT8 = 20,
    PARLEY_PG_INT2 = 21,
    PARLEY_PG_INT4 = 23,
    PARLEY_PG_TEXT = 25,
    PARLEY_PG_FLOAT4 = 700,
    PARLEY_PG_FLOAT8 = 701,
    PARLEY_PG_NUMERIC = 1700,
};

// Character constants.
static const int PARLEY_PG_DIAG_SQLSTATE = PG_DIAG_SQLSTATE;
static const int PARLEY_PG_DIAG_MESSAGE = PG_DIAG_MESSAGE_PRIMARY;
