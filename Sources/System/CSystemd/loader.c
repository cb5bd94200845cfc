#include "CSystemd.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

// Every function that Sources/Adapters/PortalDesktop and its tests call: its result, its name, its parameters, and these
// again as arguments.
#define FUNCTIONS(F) \
  F(int, sd_bus_add_match, \
    (sd_bus *bus, sd_bus_slot **slot, const char *match, sd_bus_message_handler_t callback, void *userdata), \
    (bus, slot, match, callback, userdata)) \
  F(int, sd_bus_call_async, \
    (sd_bus *bus, sd_bus_slot **slot, sd_bus_message *m, sd_bus_message_handler_t callback, \
     void *userdata, uint64_t usec), \
    (bus, slot, m, callback, userdata, usec)) \
  F(void, sd_bus_close, (sd_bus *bus), (bus)) \
  F(int, sd_bus_flush, (sd_bus *bus), (bus)) \
  F(sd_bus *, sd_bus_flush_close_unref, (sd_bus *bus), (bus)) \
  F(int, sd_bus_get_events, (sd_bus *bus), (bus)) \
  F(int, sd_bus_get_fd, (sd_bus *bus), (bus)) \
  F(int, sd_bus_get_timeout, (sd_bus *bus, uint64_t *timeout_usec), (bus, timeout_usec)) \
  F(int, sd_bus_get_unique_name, (sd_bus *bus, const char **unique), (bus, unique)) \
  F(int, sd_bus_message_append_basic, (sd_bus_message *m, char type, const void *p), (m, type, p)) \
  F(int, sd_bus_message_close_container, (sd_bus_message *m), (m)) \
  F(int, sd_bus_message_enter_container, (sd_bus_message *m, char type, const char *contents), (m, type, contents)) \
  F(int, sd_bus_message_exit_container, (sd_bus_message *m), (m)) \
  F(const sd_bus_error *, sd_bus_message_get_error, (sd_bus_message *m), (m)) \
  F(const char *, sd_bus_message_get_path, (sd_bus_message *m), (m)) \
  F(int, sd_bus_message_new_method_call, \
    (sd_bus *bus, sd_bus_message **m, const char *destination, const char *path, \
     const char *interface, const char *member), \
    (bus, m, destination, path, interface, member)) \
  F(int, sd_bus_message_open_container, (sd_bus_message *m, char type, const char *contents), (m, type, contents)) \
  F(int, sd_bus_message_peek_type, (sd_bus_message *m, char *type, const char **contents), (m, type, contents)) \
  F(int, sd_bus_message_read_basic, (sd_bus_message *m, char type, void *p), (m, type, p)) \
  F(sd_bus_message *, sd_bus_message_ref, (sd_bus_message *m), (m)) \
  F(int, sd_bus_message_rewind, (sd_bus_message *m, int complete), (m, complete)) \
  F(int, sd_bus_message_seal, (sd_bus_message *m, uint64_t cookie, uint64_t timeout_usec), (m, cookie, timeout_usec)) \
  F(int, sd_bus_message_set_expect_reply, (sd_bus_message *m, int b), (m, b)) \
  F(sd_bus_message *, sd_bus_message_unref, (sd_bus_message *m), (m)) \
  F(int, sd_bus_negotiate_fds, (sd_bus *bus, int b), (bus, b)) \
  F(int, sd_bus_new, (sd_bus **ret), (ret)) \
  F(int, sd_bus_process, (sd_bus *bus, sd_bus_message **r), (bus, r)) \
  F(int, sd_bus_send, (sd_bus *bus, sd_bus_message *m, uint64_t *cookie), (bus, m, cookie)) \
  F(int, sd_bus_set_address, (sd_bus *bus, const char *address), (bus, address)) \
  F(int, sd_bus_set_bus_client, (sd_bus *bus, int b), (bus, b)) \
  F(int, sd_bus_set_method_call_timeout, (sd_bus *bus, uint64_t usec), (bus, usec)) \
  F(int, sd_bus_slot_set_destroy_callback, (sd_bus_slot *s, sd_bus_destroy_t callback), (s, callback)) \
  F(sd_bus_slot *, sd_bus_slot_unref, (sd_bus_slot *slot), (slot)) \
  F(int, sd_bus_start, (sd_bus *bus), (bus)) \
  F(sd_bus *, sd_bus_unref, (sd_bus *bus), (bus))

// Hidden: libraries that use libsystemd themselves must not be led through here.
#define FORWARD(result, name, parameters, arguments) \
  static __typeof__(name) *loaded_##name; \
  __attribute__((visibility("hidden"))) result name parameters { return loaded_##name arguments; }

FUNCTIONS(FORWARD)

#define ENTRY(result, name, parameters, arguments) {#name, (void **)&loaded_##name},

static const struct {
  const char *name;
  void **loaded;
} functions[] = {FUNCTIONS(ENTRY)};

static int load(char *reason, size_t size) {
  // Never closed: a second attempt gets the same handle.
  void *library = dlopen("libsystemd.so.0", RTLD_LAZY | RTLD_LOCAL);
  if (!library) {
    const char *error = dlerror();
    snprintf(reason, size, "%s", error ? error : "libsystemd.so.0");
    return -1;
  }
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
    if ((*functions[i].loaded = dlsym(library, functions[i].name))) continue;
    snprintf(reason, size, "it has no function %s", functions[i].name);
    return -1;
  }
  return 0;
}

int csystemd_load(char *reason, size_t size) {
  static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  static atomic_bool is_loaded;
  if (atomic_load_explicit(&is_loaded, memory_order_acquire)) return 0;
  pthread_mutex_lock(&mutex);
  int status = is_loaded ? 0 : load(reason, size);
  if (status == 0) atomic_store_explicit(&is_loaded, 1, memory_order_release);
  pthread_mutex_unlock(&mutex);
  return status;
}
