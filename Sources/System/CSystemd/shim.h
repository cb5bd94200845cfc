// sd-bus, the D-Bus client of libsystemd, with what Swift cannot import turned into small functions.
//
// Linked, not loaded on first use: it is on every system that has systemd, and costs a tenth of a millisecond at start.
#pragma once

#include <systemd/sd-bus.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/// A copy of a descriptor that a message owns, closed on exec; the caller's. Negative errno on failure.
static inline int csystemd_copy_descriptor(int descriptor) {
  int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
  return copy < 0 ? -errno : copy;
}
