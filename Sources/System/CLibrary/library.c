#include "CLibrary.h"

#include <dlfcn.h>
#include <stdio.h>

static int load(const struct clibrary *library, char *reason, size_t size) {
  // Never closed: a second attempt gets the same handle, and most libraries cannot be unloaded once they were used.
  void *handle = NULL;
  for (const char *const *soname = library->sonames; *soname && !handle; soname++) {
    handle = dlopen(*soname, RTLD_LAZY | RTLD_LOCAL);
  }
  if (!handle) {
    const char *error = dlerror();
    snprintf(reason, size, "%s", error ? error : library->sonames[0]);
    return -1;
  }
  for (const struct clibrary_function *function = library->functions; function->name; function++) {
    if ((*function->loaded = dlsym(handle, function->name))) continue;
    snprintf(reason, size, "%s has no function %s", library->sonames[0], function->name);
    return -1;
  }
  return 0;
}

int clibrary_load(struct clibrary *library, char *reason, size_t size) {
  if (atomic_load_explicit(&library->is_loaded, memory_order_acquire)) return 0;
  pthread_mutex_lock(&library->mutex);
  int status = library->is_loaded ? 0 : load(library, reason, size);
  if (status == 0 && !library->is_loaded) {
    if (library->prepare) library->prepare();
    atomic_store_explicit(&library->is_loaded, 1, memory_order_release);
  }
  pthread_mutex_unlock(&library->mutex);
  return status;
}
