#pragma once

#include "CPipeWire.h"

#include <spa/pod/builder.h>

/// The format that the consumer can take, as PipeWire wants to be told; NULL when the builder's memory is too short.
///
/// With `is_dmabuf` only linear DMA-BUFs, which can be mapped; no other modifier is offered, so that a producer that has
/// nothing else falls back to shared memory.
const struct spa_pod *cpipewire_offer(struct spa_pod_builder *builder, uint32_t rate, bool is_dmabuf);

/// Our name of a format; -1 for one that was not offered.
int cpipewire_pixels_of(uint32_t format);
