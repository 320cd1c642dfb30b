#pragma once
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

// The part of ONNX Runtime's C interface that Parley calls. The library is opened at run time and its wheel has no
// headers, so the table is declared here. Its first 102 entries are version 1 of the interface, which the project
// promises never to change; the places are checked below as the library's own build checks them.

typedef struct OrtEnv OrtEnv;
typedef struct OrtStatus OrtStatus;
typedef struct OrtMemoryInfo OrtMemoryInfo;
typedef struct OrtSession OrtSession;
typedef struct OrtSessionOptions OrtSessionOptions;
typedef struct OrtRunOptions OrtRunOptions;
typedef struct OrtValue OrtValue;

enum { PARLEY_ORT_API_VERSION = 1 };

// Values of the interface's enumerations.
enum { PARLEY_ORT_LOG_ERROR = 3, PARLEY_ORT_ARENA_ALLOCATOR = 1, PARLEY_ORT_DEFAULT_MEMORY = 0 };
enum { PARLEY_ORT_FLOAT = 1, PARLEY_ORT_INT64 = 7, PARLEY_ORT_BOOL = 9 };

typedef struct OrtApi {
    void *_0[2];
    const char *_Nonnull (*_Nonnull GetErrorMessage)(const OrtStatus *_Nonnull status);
    OrtStatus *_Nullable (*_Nonnull CreateEnv)(int level, const char *_Nonnull name, OrtEnv *_Nullable *_Nonnull out);
    void *_4[3];
    OrtStatus *_Nullable (*_Nonnull CreateSession)(
        const OrtEnv *_Nonnull env, const char *_Nonnull path, const OrtSessionOptions *_Nonnull options,
        OrtSession *_Nullable *_Nonnull out);
    void *_8[1];
    OrtStatus *_Nullable (*_Nonnull Run)(
        OrtSession *_Nonnull session, const OrtRunOptions *_Nullable options,
        const char *_Nonnull const *_Nonnull input_names, const OrtValue *_Nonnull const *_Nonnull inputs,
        size_t input_count, const char *_Nonnull const *_Nonnull output_names, size_t output_count,
        OrtValue *_Nullable *_Nonnull outputs);
    OrtStatus *_Nullable (*_Nonnull CreateSessionOptions)(OrtSessionOptions *_Nullable *_Nonnull out);
    void *_11[13];
    OrtStatus *_Nullable (*_Nonnull SetIntraOpNumThreads)(OrtSessionOptions *_Nonnull options, int count);
    OrtStatus *_Nullable (*_Nonnull SetInterOpNumThreads)(OrtSessionOptions *_Nonnull options, int count);
    void *_26[4];
    OrtStatus *_Nullable (*_Nonnull SessionGetInputCount)(const OrtSession *_Nonnull session, size_t *_Nonnull out);
    OrtStatus *_Nullable (*_Nonnull SessionGetOutputCount)(const OrtSession *_Nonnull session, size_t *_Nonnull out);
    void *_32[17];
    OrtStatus *_Nullable (*_Nonnull CreateTensorWithDataAsOrtValue)(
        const OrtMemoryInfo *_Nonnull info, void *_Nonnull data, size_t byte_count, const int64_t *_Nonnull shape,
        size_t rank, int element_type, OrtValue *_Nullable *_Nonnull out);
    void *_50[19];
    OrtStatus *_Nullable (*_Nonnull CreateCpuMemoryInfo)(
        int allocator, int memory, OrtMemoryInfo *_Nullable *_Nonnull out);
    void *_70[22];
    void (*_Nonnull ReleaseEnv)(OrtEnv *_Nullable env);
    void (*_Nonnull ReleaseStatus)(OrtStatus *_Nullable status);
    void (*_Nonnull ReleaseMemoryInfo)(OrtMemoryInfo *_Nullable info);
    void (*_Nonnull ReleaseSession)(OrtSession *_Nullable session);
    void (*_Nonnull ReleaseValue)(OrtValue *_Nullable value);
    void *_97[3];
    void (*_Nonnull ReleaseSessionOptions)(OrtSessionOptions *_Nullable options);
    void *_101[1];
} OrtApi;

#define PARLEY_ORT_AT(entry, place) \
    static_assert(offsetof(OrtApi, entry) == (place) * sizeof(void *), #entry " is entry " #place)
PARLEY_ORT_AT(GetErrorMessage, 2);
PARLEY_ORT_AT(CreateEnv, 3);
PARLEY_ORT_AT(CreateSession, 7);
PARLEY_ORT_AT(Run, 9);
PARLEY_ORT_AT(CreateSessionOptions, 10);
PARLEY_ORT_AT(SetIntraOpNumThreads, 24);
PARLEY_ORT_AT(SetInterOpNumThreads, 25);
PARLEY_ORT_AT(SessionGetInputCount, 30);
PARLEY_ORT_AT(SessionGetOutputCount, 31);
PARLEY_ORT_AT(CreateTensorWithDataAsOrtValue, 49);
PARLEY_ORT_AT(CreateCpuMemoryInfo, 69);
PARLEY_ORT_AT(ReleaseEnv, 92);
PARLEY_ORT_AT(ReleaseStatus, 93);
PARLEY_ORT_AT(ReleaseMemoryInfo, 94);
PARLEY_ORT_AT(ReleaseSession, 95);
PARLEY_ORT_AT(ReleaseValue, 96);
PARLEY_ORT_AT(ReleaseSessionOptions, 100);
static_assert(sizeof(OrtApi) == 102 * sizeof(void *), "version 1 of the interface has 102 entries");
#undef PARLEY_ORT_AT

typedef struct OrtApiBase {
    const OrtApi *_Nullable (*_Nonnull GetApi)(uint32_t version);
    const char *_Nonnull (*_Nonnull GetVersionString)(void);
} OrtApiBase;

// What the library's one exported function, OrtGetApiBase, is.
typedef const OrtApiBase *_Nullable (*ParleyOrtGetApiBase)(void);

// dlsym returns a data pointer; C may not convert it, POSIX says that it works.
static inline const OrtApiBase *_Nullable parley_ort_api_base(void *_Nonnull symbol) {
    return ((ParleyOrtGetApiBase)symbol)();
}
