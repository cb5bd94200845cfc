#include "CPipeWire.h"
#include "library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

// Hidden: the library calls itself by the same names, and must not be led through here.
#define FORWARD(result, name, parameters, arguments) \
  static __typeof__(name) *loaded_##name; \
  __attribute__((visibility("hidden"))) result name parameters { return loaded_##name arguments; }

PIPEWIRE(FORWARD)

#define ENTRY(result, name, parameters, arguments) {#name, (void **)&loaded_##name},

static const struct {
  const char *name;
  void **loaded;
} functions[] = {PIPEWIRE(ENTRY)};

static int load(char *reason, size_t size) {
  // Never closed: a second attempt gets the same handle, and the library cannot be unloaded once it was used.
  void *library = dlopen("libpipewire-0.3.so.0", RTLD_LAZY | RTLD_LOCAL);
  if (!library) {
    const char *error = dlerror();
    snprintf(reason, size, "%s", error ? error : "libpipewire-0.3.so.0");
    return -1;
  }
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
    if ((*functions[i].loaded = dlsym(library, functions[i].name))) continue;
    snprintf(reason, size, "libpipewire-0.3.so.0 has no function %s", functions[i].name);
    return -1;
  }
  return 0;
}

int cpipewire_load(char *reason, size_t size) {
  static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  static atomic_bool is_loaded;
  if (atomic_load_explicit(&is_loaded, memory_order_acquire)) return 0;
  pthread_mutex_lock(&mutex);
  int status = is_loaded ? 0 : load(reason, size);
  if (status == 0 && !is_loaded) {
    pw_init(NULL, NULL);
    // It would write to the terminal that the chat is drawn on; who wants to read that says so.
    if (!getenv("PIPEWIRE_DEBUG")) pw_log_set_level(SPA_LOG_LEVEL_NONE);
    atomic_store_explicit(&is_loaded, 1, memory_order_release);
  }
  pthread_mutex_unlock(&mutex);
  return status;
}

const char *cpipewire_version(void) { return pw_get_library_version(); }
