#include "CPipeWire.h"
#include "library.h"

#include <CLibrary.h>
#include <stdlib.h>

PIPEWIRE(CLIBRARY_FORWARD)

static void prepare(void) {
  pw_init(NULL, NULL);
  // It would write to the terminal that the chat is drawn on; who wants to read that says so.
  if (!getenv("PIPEWIRE_DEBUG")) pw_log_set_level(SPA_LOG_LEVEL_NONE);
}

static struct clibrary library = {
    .sonames = CLIBRARY_SONAMES("libpipewire-0.3.so.0"),
    .functions = CLIBRARY_FUNCTIONS(PIPEWIRE),
    .prepare = prepare,
};

int cpipewire_load(char *reason, size_t size) { return clibrary_load(&library, reason, size); }

const char *cpipewire_version(void) { return pw_get_library_version(); }
