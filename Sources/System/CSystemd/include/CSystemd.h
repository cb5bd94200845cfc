#pragma once

#include <systemd/sd-bus.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

// Loads libsystemd, whose functions may not be called without that; calls after the first success cost nothing. Returns 0, or
// -1 with a reason. Any thread.
int csystemd_load(char *_Nonnull reason, size_t size);

/// A copy of a descriptor that a message owns, closed on exec; the caller's. Negative errno on failure.
static inline int csystemd_copy_descriptor(int descriptor) {
  int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
  return copy < 0 ? -errno : copy;
}
