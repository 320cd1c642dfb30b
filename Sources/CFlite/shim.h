#pragma once
#include <flite/flite.h>

// The voices' own libraries come without headers. Each returns the one object of its voice.
cst_voice *register_cmu_us_slt(const char *voxdir);
cst_voice *register_cmu_us_rms(const char *voxdir);
cst_voice *register_cmu_us_awb(const char *voxdir);
