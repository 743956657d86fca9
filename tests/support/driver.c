/* A driver's library (libnvidia-ml.so.1) for tests: two cards, of which the second tells nothing but its name.
 * Where the file exists that DRIVER_HANGS names, every reading hangs for ever, as a broken driver's does. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OK = 0, NOT_SUPPORTED = 3 };

typedef struct { unsigned version; unsigned long long total, reserved, free, used; } Memory;
typedef struct { unsigned gpu, memory; } Rates;

static void hang(void) {
    const char *file = getenv("DRIVER_HANGS");
    while (file && access(file, F_OK) == 0) sleep(1);
}

static int second(void *device) { return device == (void *)2; }

int nvmlInit_v2(void) { hang(); return OK; }
int nvmlShutdown(void) { return OK; }
int nvmlSystemGetDriverVersion(char *text, unsigned length) {
    strncpy(text, "570.1.2", length);
    return OK;
}
int nvmlDeviceGetCount_v2(unsigned *count) { *count = 2; return OK; }
int nvmlDeviceGetHandleByIndex_v2(unsigned index, void **device) {
    *device = (void *)(unsigned long)(index + 1);
    return OK;
}
int nvmlDeviceGetName(void *device, char *text, unsigned length) {
    strncpy(text, second(device) ? "Card Two" : "Card One", length);
    return OK;
}
int nvmlDeviceGetMemoryInfo_v2(void *device, Memory *memory) {
    hang();
    if (second(device)) return NOT_SUPPORTED;
    memory->total = 24ull << 30;
    memory->used = 3ull << 30;
    memory->free = 21ull << 30;
    memory->reserved = 0;
    return OK;
}
int nvmlDeviceGetUtilizationRates(void *device, Rates *rates) {
    if (second(device)) return NOT_SUPPORTED;
    rates->gpu = 34;
    rates->memory = 5;
    return OK;
}
int nvmlDeviceGetTemperature(void *device, int sensor, unsigned *celsius) {
    (void)sensor;
    *celsius = 41;
    return second(device) ? NOT_SUPPORTED : OK;
}
int nvmlDeviceGetPowerUsage(void *device, unsigned *milliwatts) {
    *milliwatts = 120400;
    return second(device) ? NOT_SUPPORTED : OK;
}
int nvmlDeviceGetEnforcedPowerLimit(void *device, unsigned *milliwatts) {
    *milliwatts = 350000;
    return second(device) ? NOT_SUPPORTED : OK;
}
int nvmlDeviceGetComputeMode(void *device, int *mode) {
    *mode = 3;
    return second(device) ? NOT_SUPPORTED : OK;
}
