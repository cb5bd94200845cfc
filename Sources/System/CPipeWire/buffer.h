#pragma once

#include "CPipeWire.h"

#include <pipewire/stream.h>

/// Memory that was mapped to read one buffer.
struct mapping {
  void *start;
  size_t size;
  int dmabuf;
};

/// Whether the producer says that a buffer's pixels are no picture.
bool cpipewire_is_corrupted(const struct spa_buffer *buffer);

/// Describes a buffer: everything but the format. `mapping` is to be released afterwards, whatever is returned.
///
/// `sequence` is the last buffer's number, negative before the first, and becomes this one's. False when there is nothing
/// in the buffer, neither pixels nor news of the pointer.
bool cpipewire_describe(
    const struct spa_buffer *buffer, struct cpipewire_picture *picture, struct mapping *mapping, int64_t *sequence);

/// Unmaps what was mapped.
void cpipewire_release(struct mapping *mapping);
