#pragma once
// Only what is used: the header of everything brings TIFF with it.
#include <inttypes.h>
#include <spandsp/telephony.h>
#include <spandsp/g722.h>
