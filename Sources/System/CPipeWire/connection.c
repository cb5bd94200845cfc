#include "CPipeWire.h"
#include "buffer.h"
#include "formats.h"
#include "library.h"

#include <errno.h>
#include <spa/param/video/format-utils.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct cpipewire_connection {
  const struct cpipewire_events *events;
  void *told;
  struct pw_thread_loop *loop;
  struct pw_context *context;
  struct pw_core *core;
  struct pw_registry *registry;
  struct pw_stream *stream;
  struct spa_source *timer;
  struct spa_hook core_hook, registry_hook, stream_hook;
  int sync;
  // Whether nobody answers any more, and whether an answer is waited for before closing.
  bool is_lost, is_ending;
  // What was agreed on; `pixels` is negative before that.
  int pixels;
  uint32_t width, height;
  // The number of the last buffer; negative before the first.
  int64_t sequence;
};

// MARK: - The connection

static void on_done(void *data, uint32_t id, int sync) {
  cpipewire_connection *self = data;
  if (id != PW_ID_CORE || sync != self->sync) return;
  if (!self->is_ending) return self->events->ready(self->told);
  self->is_ending = false;
  pw_thread_loop_signal(self->loop, false);
}

static void on_error(void *data, uint32_t id, int sync, int result, const char *message) {
  (void)sync;
  cpipewire_connection *self = data;
  if (id != PW_ID_CORE || result != -EPIPE) return;
  self->is_lost = true;
  self->is_ending = false;
  pw_thread_loop_signal(self->loop, false);
  self->events->state(self->told, CPIPEWIRE_DISCONNECTED, message ? message : "");
}

static const struct pw_core_events core_events = {PW_VERSION_CORE_EVENTS, .done = on_done, .error = on_error};

static void on_global(
    void *data, uint32_t id, uint32_t permissions, const char *type, uint32_t version, const struct spa_dict *values) {
  (void)permissions, (void)version;
  cpipewire_connection *self = data;
  if (!type || strcmp(type, PW_TYPE_INTERFACE_Node)) return;
  const char *name = values ? spa_dict_lookup(values, PW_KEY_NODE_NAME) : NULL;
  const char *description = values ? spa_dict_lookup(values, PW_KEY_NODE_DESCRIPTION) : NULL;
  const char *media_class = values ? spa_dict_lookup(values, PW_KEY_MEDIA_CLASS) : NULL;
  self->events->node(
      self->told, id, name ? name : "", description ? description : "", media_class ? media_class : "");
}

static void on_global_remove(void *data, uint32_t id) {
  cpipewire_connection *self = data;
  self->events->gone(self->told, id);
}

static const struct pw_registry_events registry_events = {
    PW_VERSION_REGISTRY_EVENTS, .global = on_global, .global_remove = on_global_remove};

static void on_timer(void *data, uint64_t times) {
  (void)times;
  cpipewire_connection *self = data;
  self->events->woke(self->told);
}

static bool start(cpipewire_connection *self, int socket) {
  self->loop = pw_thread_loop_new("scry-pipewire", NULL);
  struct pw_loop *loop = self->loop ? pw_thread_loop_get_loop(self->loop) : NULL;
  self->context = loop ? pw_context_new(loop, NULL, 0) : NULL;
  self->timer = self->context ? pw_loop_add_timer(loop, on_timer, self) : NULL;
  if (!self->timer) {
    int error = errno;
    close(socket);
    errno = error;
    return false;
  }
  self->core = pw_context_connect_fd(self->context, socket, NULL, 0);
  if (!self->core) return false;
  pw_core_add_listener(self->core, &self->core_hook, &core_events, self);
  self->registry = pw_core_get_registry(self->core, PW_VERSION_REGISTRY, 0);
  if (!self->registry) return false;
  pw_registry_add_listener(self->registry, &self->registry_hook, &registry_events, self);
  self->sync = pw_core_sync(self->core, PW_ID_CORE, 0);
  return pw_thread_loop_start(self->loop) >= 0;
}

cpipewire_connection *cpipewire_open(int socket, const struct cpipewire_events *events, void *told) {
  cpipewire_connection *self = calloc(1, sizeof *self);
  if (!self) {
    close(socket);
    errno = ENOMEM;
    return NULL;
  }
  self->events = events;
  self->told = told;
  self->pixels = -1;
  self->sequence = -1;
  if (start(self, socket)) return self;
  int error = errno;
  cpipewire_close(self);
  errno = error ? error : EIO;
  return NULL;
}

// Ends the stream and waits until PipeWire has told its producer, which takes a millisecond.
static void end_stream(cpipewire_connection *self) {
  pw_thread_loop_lock(self->loop);
  pw_stream_destroy(self->stream);
  self->stream = NULL;
  if (!self->is_lost) {
    self->is_ending = true;
    self->sync = pw_core_sync(self->core, PW_ID_CORE, 0);
    while (self->is_ending && pw_thread_loop_timed_wait(self->loop, 1) >= 0) {}
  }
  pw_thread_loop_unlock(self->loop);
}

void cpipewire_close(cpipewire_connection *self) {
  if (self->stream) end_stream(self);
  if (self->loop) pw_thread_loop_stop(self->loop);
  if (self->registry) pw_proxy_destroy((struct pw_proxy *)self->registry);
  if (self->core) pw_core_disconnect(self->core);
  if (self->timer) pw_loop_destroy_source(pw_thread_loop_get_loop(self->loop), self->timer);
  if (self->context) pw_context_destroy(self->context);
  if (self->loop) pw_thread_loop_destroy(self->loop);
  free(self);
}

void cpipewire_wake(cpipewire_connection *self, uint64_t nanoseconds) {
  struct timespec time = {(time_t)(nanoseconds / 1000000000), (long)(nanoseconds % 1000000000)};
  pw_thread_loop_lock(self->loop);
  pw_loop_update_timer(pw_thread_loop_get_loop(self->loop), self->timer, &time, NULL, false);
  pw_thread_loop_unlock(self->loop);
}

// MARK: - The stream

static void on_state(void *data, enum pw_stream_state old, enum pw_stream_state state, const char *error) {
  cpipewire_connection *self = data;
  (void)old;
  enum cpipewire_state told;
  switch (state) {
    case PW_STREAM_STATE_ERROR: told = CPIPEWIRE_FAILED; break;
    case PW_STREAM_STATE_UNCONNECTED: return;  // the connection's own error says it
    case PW_STREAM_STATE_CONNECTING: told = CPIPEWIRE_CONNECTING; break;
    case PW_STREAM_STATE_PAUSED: told = CPIPEWIRE_PAUSED; break;
    default: told = CPIPEWIRE_STREAMING; break;
  }
  self->events->state(self->told, told, error ? error : "");
}

static const struct spa_pod *meta(struct spa_pod_builder *builder, uint32_t type, size_t size) {
  return spa_pod_builder_add_object(
      builder, SPA_TYPE_OBJECT_ParamMeta, SPA_PARAM_Meta, SPA_PARAM_META_type, SPA_POD_Id(type), SPA_PARAM_META_size,
      SPA_POD_Int(size));
}

static const struct spa_pod *meta_up_to(struct spa_pod_builder *builder, uint32_t type, size_t least, size_t most) {
  return spa_pod_builder_add_object(
      builder, SPA_TYPE_OBJECT_ParamMeta, SPA_PARAM_Meta, SPA_PARAM_META_type, SPA_POD_Id(type), SPA_PARAM_META_size,
      SPA_POD_CHOICE_RANGE_Int(most, least, most));
}

static size_t cursor_size(size_t edge) {
  return sizeof(struct spa_meta_cursor) + sizeof(struct spa_meta_bitmap) + edge * edge * 4;
}

static void on_format(void *data, uint32_t id, const struct spa_pod *param) {
  cpipewire_connection *self = data;
  if (id != SPA_PARAM_Format) return;
  struct spa_video_info info = {0};
  if (!param || spa_format_parse(param, &info.media_type, &info.media_subtype) < 0 ||
      info.media_subtype != SPA_MEDIA_SUBTYPE_raw || spa_format_video_raw_parse(param, &info.info.raw) < 0) {
    self->pixels = -1;
    return;
  }
  bool is_dmabuf = spa_pod_find_prop(param, NULL, SPA_FORMAT_VIDEO_modifier) != NULL;
  self->pixels = cpipewire_pixels_of(info.info.raw.format);
  self->width = info.info.raw.size.width;
  self->height = info.info.raw.size.height;

  uint8_t memory[2048];
  struct spa_pod_builder builder = SPA_POD_BUILDER_INIT(memory, sizeof memory);
  int types = is_dmabuf ? 1 << SPA_DATA_DmaBuf : 1 << SPA_DATA_MemFd | 1 << SPA_DATA_MemPtr;
  const struct spa_pod *params[] = {
      spa_pod_builder_add_object(
          &builder, SPA_TYPE_OBJECT_ParamBuffers, SPA_PARAM_Buffers, SPA_PARAM_BUFFERS_buffers,
          SPA_POD_CHOICE_RANGE_Int(4, 2, 16), SPA_PARAM_BUFFERS_dataType, SPA_POD_CHOICE_FLAGS_Int(types)),
      meta(&builder, SPA_META_Header, sizeof(struct spa_meta_header)),
      meta(&builder, SPA_META_VideoCrop, sizeof(struct spa_meta_region)),
      meta(&builder, SPA_META_VideoTransform, sizeof(struct spa_meta_videotransform)),
      meta_up_to(
          &builder, SPA_META_VideoDamage, sizeof(struct spa_meta_region), sizeof(struct spa_meta_region) * 16),
      meta_up_to(&builder, SPA_META_Cursor, cursor_size(1), cursor_size(256)),
  };
  pw_stream_update_params(self->stream, params, sizeof params / sizeof *params);
  self->events->format(self->told, (uint32_t)self->pixels, self->width, self->height, is_dmabuf);
}

// Tells what came and gives every buffer back at once: there are only a few.
static void on_process(void *data) {
  cpipewire_connection *self = data;
  struct pw_buffer *buffer;
  while ((buffer = pw_stream_dequeue_buffer(self->stream))) {
    struct cpipewire_picture picture;
    struct mapping mapping = {0};
    if (self->pixels >= 0 && cpipewire_describe(buffer->buffer, &picture, &mapping, &self->sequence)) {
      picture.pixels = (uint32_t)self->pixels;
      picture.width = self->width;
      picture.height = self->height;
      self->events->picture(self->told, &picture);
    }
    cpipewire_release(&mapping);
    pw_stream_queue_buffer(self->stream, buffer);
  }
}

static const struct pw_stream_events stream_events = {
    PW_VERSION_STREAM_EVENTS, .state_changed = on_state, .param_changed = on_format, .process = on_process};

static int play(cpipewire_connection *self, uint32_t node, uint32_t rate) {
  const struct spa_dict_item items[] = {
      SPA_DICT_ITEM_INIT(PW_KEY_MEDIA_TYPE, "Video"),
      SPA_DICT_ITEM_INIT(PW_KEY_MEDIA_CATEGORY, "Capture"),
      SPA_DICT_ITEM_INIT(PW_KEY_MEDIA_ROLE, "Screen"),
      // When the node goes, a session manager would else connect the next best thing: a camera, say.
      SPA_DICT_ITEM_INIT(PW_KEY_NODE_DONT_RECONNECT, "true"),
  };
  struct pw_properties *properties = pw_properties_new_dict(&SPA_DICT_INIT_ARRAY(items));
  if (!properties) return -errno;
  self->stream = pw_stream_new(self->core, "scry", properties);
  if (!self->stream) return -errno;
  pw_stream_add_listener(self->stream, &self->stream_hook, &stream_events, self);
  uint8_t memory[4096];
  struct spa_pod_builder builder = SPA_POD_BUILDER_INIT(memory, sizeof memory);
  // Shared memory first: what a graphics card maps for us is slow to read.
  const struct spa_pod *params[] = {
      cpipewire_offer(&builder, rate, false),
      cpipewire_offer(&builder, rate, true),
  };
  return pw_stream_connect(
      self->stream, PW_DIRECTION_INPUT, node,
      PW_STREAM_FLAG_AUTOCONNECT | PW_STREAM_FLAG_MAP_BUFFERS | PW_STREAM_FLAG_DONT_RECONNECT, params, 2);
}

int cpipewire_play(cpipewire_connection *self, uint32_t node, uint32_t rate) {
  pw_thread_loop_lock(self->loop);
  int status = self->stream ? -EBUSY : play(self, node, rate ? rate : 1);
  pw_thread_loop_unlock(self->loop);
  return status < 0 ? status : 0;
}
