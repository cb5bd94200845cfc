#include "buffer.h"
#include "formats.h"

#include <linux/dma-buf.h>
#include <spa/buffer/meta.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

bool cpipewire_is_corrupted(const struct spa_buffer *buffer) {
  const struct spa_meta_header *header = spa_buffer_find_meta_data(buffer, SPA_META_Header, sizeof *header);
  if (header && header->flags & SPA_META_HEADER_FLAG_CORRUPTED) return true;
  return buffer->n_datas > 0 && buffer->datas[0].chunk->flags & SPA_CHUNK_FLAG_CORRUPTED;
}

static void sync_dmabuf(int dmabuf, uint64_t flags) {
  struct dma_buf_sync sync = {.flags = flags | DMA_BUF_SYNC_READ};
  // Best effort: not every exporter can, and then its memory is coherent.
  ioctl(dmabuf, DMA_BUF_IOCTL_SYNC, &sync);
}

// Where the buffer's memory is and how much of it there is; maps it where PipeWire has not.
static const uint8_t *memory(const struct spa_data *data, struct mapping *mapping, size_t *size) {
  *size = data->maxsize;
  if (data->type == SPA_DATA_MemPtr) return data->data;
  if (data->type != SPA_DATA_MemFd && data->type != SPA_DATA_DmaBuf) return NULL;
  struct stat status;
  // Reading past the end of a file that was cut would end the process.
  if (data->fd < 0 || (data->type == SPA_DATA_MemFd && fstat((int)data->fd, &status))) return NULL;
  if (data->type == SPA_DATA_MemFd && (uint64_t)status.st_size < (uint64_t)data->mapoffset + data->maxsize) return NULL;
  if (data->type == SPA_DATA_MemFd && data->data) return data->data;

  size_t length = (size_t)data->mapoffset + data->maxsize;
  void *start = length ? mmap(NULL, length, PROT_READ, MAP_SHARED, (int)data->fd, 0) : MAP_FAILED;
  if (start == MAP_FAILED) return NULL;
  *mapping = (struct mapping){start, length, data->type == SPA_DATA_DmaBuf ? (int)data->fd : -1};
  if (mapping->dmabuf >= 0) sync_dmabuf(mapping->dmabuf, DMA_BUF_SYNC_START);
  return (const uint8_t *)start + data->mapoffset;
}

void cpipewire_release(struct mapping *mapping) {
  if (!mapping->start) return;
  if (mapping->dmabuf >= 0) sync_dmabuf(mapping->dmabuf, DMA_BUF_SYNC_END);
  munmap(mapping->start, mapping->size);
  mapping->start = NULL;
}

static struct cpipewire_region region(const struct spa_region *region) {
  return (struct cpipewire_region){region->position.x, region->position.y, region->size.width, region->size.height};
}

static void describe_damage(const struct spa_buffer *buffer, struct cpipewire_picture *picture) {
  const struct spa_meta *meta = spa_buffer_find_meta(buffer, SPA_META_VideoDamage);
  picture->damage_count = -1;
  if (!meta) return;
  const struct spa_meta_region *boxes = meta->data;
  size_t count = meta->size / sizeof *boxes, used = 0;
  while (used < count && spa_meta_region_is_valid(&boxes[used])) used++;
  // None at all is what producers leave there that say nothing; too many is as good as everything.
  if (!used || used > sizeof picture->damage / sizeof *picture->damage) return;
  for (size_t i = 0; i < used; i++) picture->damage[i] = region(&boxes[i].region);
  picture->damage_count = (int32_t)used;
}

static void describe_cursor(const struct spa_buffer *buffer, struct cpipewire_picture *picture) {
  const struct spa_meta *meta = spa_buffer_find_meta(buffer, SPA_META_Cursor);
  if (!meta || meta->size < sizeof(struct spa_meta_cursor)) return;
  const struct spa_meta_cursor *cursor = meta->data;
  picture->has_cursor = true;
  struct cpipewire_cursor *out = &picture->cursor;
  // 0 is what compositors write when the pointer is elsewhere.
  out->is_visible = cursor->id != 0;
  out->x = cursor->position.x;
  out->y = cursor->position.y;
  uint64_t start = cursor->bitmap_offset;
  if (!out->is_visible || start < sizeof *cursor || start + sizeof(struct spa_meta_bitmap) > meta->size) return;
  struct spa_meta_bitmap bitmap;
  memcpy(&bitmap, (const uint8_t *)cursor + start, sizeof bitmap);
  int pixels = cpipewire_pixels_of(bitmap.format);
  if (pixels < 0) return;
  out->has_shape = true;
  out->hot_x = cursor->hotspot.x;
  out->hot_y = cursor->hotspot.y;
  out->pixels = (uint32_t)pixels;
  if (bitmap.offset < sizeof bitmap || start + bitmap.offset >= meta->size) return;  // an invisible one
  out->width = bitmap.size.width;
  out->height = bitmap.size.height;
  out->stride = bitmap.stride;
  out->bytes = (const uint8_t *)cursor + start + bitmap.offset;
  out->byte_count = meta->size - start - bitmap.offset;
}

static uint64_t count_lost(const struct spa_meta_header *header, int64_t *sequence) {
  int64_t now = (int64_t)(header->seq & INT64_MAX), last = *sequence;
  *sequence = now;
  return last >= 0 && now > last + 1 && now - last < 1000000 ? (uint64_t)(now - last - 1) : 0;
}

bool cpipewire_describe(
    const struct spa_buffer *buffer, struct cpipewire_picture *picture, struct mapping *mapping, int64_t *sequence) {
  memset(picture, 0, sizeof *picture);
  picture->time = -1;
  const struct spa_meta_header *header = spa_buffer_find_meta_data(buffer, SPA_META_Header, sizeof *header);
  if (header) {
    picture->time = header->pts;
    picture->lost = count_lost(header, sequence);
  }
  describe_damage(buffer, picture);
  describe_cursor(buffer, picture);
  const struct spa_meta_region *crop = spa_buffer_find_meta_data(buffer, SPA_META_VideoCrop, sizeof *crop);
  if (crop && spa_meta_region_is_valid(crop)) {
    picture->has_crop = true;
    picture->crop = region(&crop->region);
  }
  const struct spa_meta_videotransform *turn =
      spa_buffer_find_meta_data(buffer, SPA_META_VideoTransform, sizeof *turn);
  if (turn && turn->transform < 8) picture->transform = turn->transform;

  if (buffer->n_datas < 1 || cpipewire_is_corrupted(buffer)) return picture->has_cursor;
  const struct spa_data *data = &buffer->datas[0];
  // A DMA-BUF's size is often left at 0; shared memory of no size means that only the pointer moved.
  if (!data->chunk->size && data->type != SPA_DATA_DmaBuf) return picture->has_cursor;
  size_t size = 0, offset = data->chunk->offset;
  const uint8_t *start = memory(data, mapping, &size);
  if (!start || offset >= size) return picture->has_cursor;
  picture->bytes = start + offset;
  picture->byte_count = size - offset;
  picture->stride = data->chunk->stride;
  return true;
}
