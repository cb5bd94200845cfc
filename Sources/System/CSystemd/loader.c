#include "CSystemd.h"

#include <CLibrary.h>

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

FUNCTIONS(CLIBRARY_FORWARD)

static struct clibrary library = {
    .sonames = CLIBRARY_SONAMES("libsystemd.so.0"),
    .functions = CLIBRARY_FUNCTIONS(FUNCTIONS),
};

int csystemd_load(char *reason, size_t size) { return clibrary_load(&library, reason, size); }
