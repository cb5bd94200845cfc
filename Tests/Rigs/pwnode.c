// pwnode: a PipeWire video node whose pictures a test knows. Run it through the script `pwnode`, which compiles it.
//
//   --name N (scry-test)   --size WxH (640x360)   --fps N (30)   --format BGRx|RGBx|… (any name of the table below)
//   --pad B        bytes at the end of each row          --offset B     bytes before the first row
//   --bottom-up    the lowest row first, stride negative  --no-stride    a stride of 0 in the buffers
//   --crop X,Y,W,H, --transform N, --cursor X,Y           the metadata of those names; the cursor is 16x16, hot spot 4,8
//   --damage       says that only the clock changes       --no-header    no time and no number in the buffers
//   --memptr       memory of PipeWire's, not our own      --dmabuf       memory that calls itself a linear DMA-BUF
//   --tiled        only DMA-BUFs that cannot be mapped    --corrupt N    every Nth buffer is marked, and is garbage
//   --empty N      every Nth buffer is empty              --still        one picture only
//   --mute         no picture before the command "speak"
//   --lie N        every Nth buffer says that its rows are longer than its memory
//
// Prints "ready ID" when the node is there. Reads commands: speak, pause, resume, resize W H, cursor X Y, die, quit.
//
// A picture: the clock of testcard.c at the top left (the number is the buffer's); the rest depends on place alone, see
// `colour`, and on nothing else, so that every pixel can be checked.
#define _GNU_SOURCE
#include <pipewire/pipewire.h>
#include <spa/buffer/meta.h>
#include <spa/param/buffers.h>
#include <spa/param/video/format-utils.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { CELL = 16, MARK = 0x5C21 };

// Where a colour's bytes are; below 0 for numbers of 32 bits, with ten for each colour from these bits on.
static const struct kind {
  const char *name;
  uint32_t format;
  int bytes, red, green, blue, alpha;
} kinds[] = {
    {"BGRx", SPA_VIDEO_FORMAT_BGRx, 4, 2, 1, 0, 3}, {"BGRA", SPA_VIDEO_FORMAT_BGRA, 4, 2, 1, 0, 3},
    {"RGBx", SPA_VIDEO_FORMAT_RGBx, 4, 0, 1, 2, 3}, {"RGBA", SPA_VIDEO_FORMAT_RGBA, 4, 0, 1, 2, 3},
    {"xRGB", SPA_VIDEO_FORMAT_xRGB, 4, 1, 2, 3, 0}, {"ARGB", SPA_VIDEO_FORMAT_ARGB, 4, 1, 2, 3, 0},
    {"xBGR", SPA_VIDEO_FORMAT_xBGR, 4, 3, 2, 1, 0}, {"ABGR", SPA_VIDEO_FORMAT_ABGR, 4, 3, 2, 1, 0},
    {"BGR", SPA_VIDEO_FORMAT_BGR, 3, 2, 1, 0, -1}, {"RGB", SPA_VIDEO_FORMAT_RGB, 3, 0, 1, 2, -1},
    {"xRGB_210LE", SPA_VIDEO_FORMAT_xRGB_210LE, 4, -20, -10, 0, -1},
    {"ARGB_210LE", SPA_VIDEO_FORMAT_ARGB_210LE, 4, -20, -10, 0, -1},
    {"xBGR_210LE", SPA_VIDEO_FORMAT_xBGR_210LE, 4, 0, -10, -20, -1},
    {"ABGR_210LE", SPA_VIDEO_FORMAT_ABGR_210LE, 4, 0, -10, -20, -1},
    {"I420", SPA_VIDEO_FORMAT_I420, 4, 0, 1, 2, 3},  // nothing that a screen has
};
static const struct kind *kind = &kinds[0];

static struct pw_main_loop *loop;
static struct pw_stream *stream;
static struct spa_source *timer;
static const char *name = "scry-test";
static int width = 640, height = 360, fps = 30, pad, offset, crop[4], cursor[2] = {-1, -1}, corrupt, empty, lie;
static bool bottom_up, no_stride, has_crop, has_damage, no_header, is_memptr, is_dmabuf, is_tiled, is_still, is_mute, streaming;
static uint32_t transform, number;
static char line[256];
static size_t line_size;

static int pitch(void) { return width * kind->bytes + pad; }

static uint32_t colour(int x, int y) {
  return (uint32_t)((x * 3 + y) & 255) << 16 | (uint32_t)((x + y * 5) & 255) << 8 | (uint32_t)((x ^ y) & 255);
}

static void put(uint8_t *pixel, uint32_t rgb) {
  uint32_t r = rgb >> 16 & 255, g = rgb >> 8 & 255, b = rgb & 255;
  if (kind->bytes == 4 && kind->alpha < 0) {
    // The lowest two bits are set: whoever keeps eight must drop them.
    uint32_t word = (r << 2 | 3) << -kind->red | (g << 2 | 3) << -kind->green | (b << 2 | 3) << -kind->blue | 3u << 30;
    memcpy(pixel, &word, 4);
    return;
  }
  pixel[kind->red] = (uint8_t)r, pixel[kind->green] = (uint8_t)g, pixel[kind->blue] = (uint8_t)b;
  if (kind->alpha >= 0) pixel[kind->alpha] = 255;
}

static uint16_t crc16(const uint8_t *bytes, int count) {
  uint16_t crc = 0xFFFF;
  while (count--) {
    crc ^= (uint16_t)(*bytes++ << 8);
    for (int bit = 0; bit < 8; bit++) crc = (uint16_t)(crc & 0x8000 ? crc << 1 ^ 0x1021 : crc << 1);
  }
  return crc;
}

static void draw(uint8_t *memory, uint32_t milliseconds) {
  uint8_t bytes[8];
  for (int i = 0; i < 4; i++) bytes[i] = (uint8_t)(number >> (24 - 8 * i)), bytes[4 + i] = (uint8_t)(milliseconds >> (24 - 8 * i));
  uint32_t rows[3] = {number, milliseconds, (uint32_t)crc16(bytes, 8) << 16 | MARK};
  for (int y = 0; y < height; y++) {
    uint8_t *row = memory + (size_t)(bottom_up ? height - 1 - y : y) * (size_t)pitch();
    for (int x = 0; x < width; x++) {
      bool in_clock = y < 3 * CELL && x < 32 * CELL;
      uint32_t cell = in_clock && rows[y / CELL] >> (31 - x / CELL) & 1 ? 0xFFFFFF : 0;
      put(row + x * kind->bytes, in_clock ? cell : colour(x, y));
    }
    memset(row + width * kind->bytes, 0xEE, (size_t)pad);
  }
}

static const struct spa_pod *offer(struct spa_pod_builder *builder) {
  struct spa_pod_frame object;
  spa_pod_builder_push_object(builder, &object, SPA_TYPE_OBJECT_Format, SPA_PARAM_EnumFormat);
  spa_pod_builder_add(
      builder, SPA_FORMAT_mediaType, SPA_POD_Id(SPA_MEDIA_TYPE_video), SPA_FORMAT_mediaSubtype,
      SPA_POD_Id(SPA_MEDIA_SUBTYPE_raw), SPA_FORMAT_VIDEO_format, SPA_POD_Id(kind->format), 0);
  if (is_dmabuf || is_tiled) {
    spa_pod_builder_prop(builder, SPA_FORMAT_VIDEO_modifier, SPA_POD_PROP_FLAG_MANDATORY);
    spa_pod_builder_long(builder, is_tiled ? 0x0100000000000001 : 0);
  }
  struct spa_rectangle size = SPA_RECTANGLE((uint32_t)width, (uint32_t)height);
  spa_pod_builder_add(
      builder, SPA_FORMAT_VIDEO_size, SPA_POD_Rectangle(&size), SPA_FORMAT_VIDEO_framerate,
      SPA_POD_Fraction(&SPA_FRACTION(0, 1)), SPA_FORMAT_VIDEO_maxFramerate,
      SPA_POD_CHOICE_RANGE_Fraction(&SPA_FRACTION((uint32_t)fps, 1), &SPA_FRACTION(1, 1), &SPA_FRACTION((uint32_t)fps, 1)), 0);
  return spa_pod_builder_pop(builder, &object);
}

static void arm(int rate) {
  struct timespec first = {0, rate ? 1 : 0}, interval = {rate == 1, rate > 1 ? 1000000000 / rate : 0};
  pw_loop_update_timer(pw_main_loop_get_loop(loop), timer, &first, &interval, false);
}

static void on_state(void *data, enum pw_stream_state old, enum pw_stream_state state, const char *error) {
  (void)data, (void)old;
  if (error) fprintf(stderr, "pwnode: %s\n", error);
  streaming = state == PW_STREAM_STATE_STREAMING;
  arm(streaming ? fps : 0);
  uint32_t id = pw_stream_get_node_id(stream);
  static bool is_told;
  if (!is_told && state == PW_STREAM_STATE_PAUSED && id != SPA_ID_INVALID) {
    is_told = true;
    printf("ready %u\n", id);
    fflush(stdout);
  }
}

static size_t cursor_size(void) { return sizeof(struct spa_meta_cursor) + sizeof(struct spa_meta_bitmap) + 16 * 16 * 4; }

static const struct spa_pod *meta(struct spa_pod_builder *builder, uint32_t type, size_t size) {
  return spa_pod_builder_add_object(
      builder, SPA_TYPE_OBJECT_ParamMeta, SPA_PARAM_Meta, SPA_PARAM_META_type, SPA_POD_Id(type), SPA_PARAM_META_size,
      SPA_POD_Int((int)size));
}

static void on_param(void *data, uint32_t id, const struct spa_pod *param) {
  (void)data;
  if (!param || id != SPA_PARAM_Format) return;
  uint8_t memory[4096];
  struct spa_pod_builder builder = SPA_POD_BUILDER_INIT(memory, sizeof memory);
  const struct spa_pod *params[8];
  uint32_t count = 0;
  int type = is_memptr ? SPA_DATA_MemPtr : is_dmabuf ? SPA_DATA_DmaBuf : SPA_DATA_MemFd;
  params[count++] = spa_pod_builder_add_object(
      &builder, SPA_TYPE_OBJECT_ParamBuffers, SPA_PARAM_Buffers, SPA_PARAM_BUFFERS_buffers,
      SPA_POD_CHOICE_RANGE_Int(4, 2, 16), SPA_PARAM_BUFFERS_blocks, SPA_POD_Int(1), SPA_PARAM_BUFFERS_size,
      SPA_POD_Int(pitch() * height + offset), SPA_PARAM_BUFFERS_stride, SPA_POD_Int(pitch()),
      SPA_PARAM_BUFFERS_dataType, SPA_POD_CHOICE_FLAGS_Int(1 << type));
  if (!no_header) params[count++] = meta(&builder, SPA_META_Header, sizeof(struct spa_meta_header));
  if (has_crop) params[count++] = meta(&builder, SPA_META_VideoCrop, sizeof(struct spa_meta_region));
  if (transform) params[count++] = meta(&builder, SPA_META_VideoTransform, sizeof(struct spa_meta_videotransform));
  if (has_damage) params[count++] = meta(&builder, SPA_META_VideoDamage, 2 * sizeof(struct spa_meta_region));
  if (cursor[0] >= 0) params[count++] = meta(&builder, SPA_META_Cursor, cursor_size());
  pw_stream_update_params(stream, params, count);
}

static void on_add(void *unused, struct pw_buffer *buffer) {
  (void)unused;
  if (is_memptr) return;
  struct spa_data *data = &buffer->buffer->datas[0];
  size_t size = (size_t)(pitch() * height + offset);
  data->type = is_dmabuf ? SPA_DATA_DmaBuf : SPA_DATA_MemFd;
  data->flags = SPA_DATA_FLAG_READWRITE;
  data->fd = memfd_create("pwnode", MFD_CLOEXEC);
  data->mapoffset = 0;
  data->maxsize = (uint32_t)size;
  if (ftruncate((int)data->fd, (off_t)size)) exit(1);
  data->data = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, (int)data->fd, 0);
}

static void on_remove(void *unused, struct pw_buffer *buffer) {
  (void)unused;
  if (is_memptr) return;
  struct spa_data *data = &buffer->buffer->datas[0];
  munmap(data->data, data->maxsize);
  close((int)data->fd);
}

static void write_cursor(struct spa_buffer *buffer) {
  struct spa_meta_cursor *meta = spa_buffer_find_meta_data(buffer, SPA_META_Cursor, sizeof *meta);
  if (!meta) return;
  *meta = (struct spa_meta_cursor){
      .id = cursor[0] < 10000, .position = {cursor[0], cursor[1]}, .hotspot = {4, 8}, .bitmap_offset = sizeof *meta};
  struct spa_meta_bitmap *bitmap = (void *)(meta + 1);
  *bitmap = (struct spa_meta_bitmap){
      .format = SPA_VIDEO_FORMAT_RGBA, .size = {16, 16}, .stride = 64, .offset = sizeof *bitmap};
  // Red, opaque in the left half, and nothing at all in the right one.
  for (int i = 0; i < 256; i++) memcpy((uint8_t *)(bitmap + 1) + 4 * i, i % 16 < 8 ? "\xFF\0\0\xFF" : "\0\0\0\0", 4);
}

static void tick(void *unused, uint64_t times) {
  (void)unused, (void)times;
  if (!streaming || is_mute || (is_still && number)) return;
  struct pw_buffer *buffer = pw_stream_dequeue_buffer(stream);
  if (!buffer) return;
  struct spa_data *data = &buffer->buffer->datas[0];
  if (!data->data || data->maxsize < (uint32_t)(pitch() * height + offset)) {
    pw_stream_queue_buffer(stream, buffer);
    return;
  }
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  bool is_bad = corrupt && number % (uint32_t)corrupt == (uint32_t)corrupt - 1;
  bool is_empty = empty && number % (uint32_t)empty == (uint32_t)empty - 1;
  bool is_lie = lie && number % (uint32_t)lie == (uint32_t)lie - 1;
  uint8_t *start = (uint8_t *)data->data + offset;
  memset(data->data, 0xEE, (size_t)offset);
  if (is_bad || is_empty || is_lie) memset(start, 0x5A, (size_t)(pitch() * height));
  else draw(start, (uint32_t)(now.tv_sec * 1000 + now.tv_nsec / 1000000));
  data->chunk->offset = (uint32_t)offset;
  data->chunk->size = is_empty ? 0 : (uint32_t)(pitch() * height);
  data->chunk->stride = is_lie ? pitch() * 2 : no_stride ? 0 : bottom_up ? -pitch() : pitch();
  data->chunk->flags = is_bad ? SPA_CHUNK_FLAG_CORRUPTED : 0;
  struct spa_meta_header *header = spa_buffer_find_meta_data(buffer->buffer, SPA_META_Header, sizeof *header);
  if (header) *header = (struct spa_meta_header){
      .flags = is_bad ? SPA_META_HEADER_FLAG_CORRUPTED : 0, .pts = SPA_TIMESPEC_TO_NSEC(&now), .seq = number};
  struct spa_meta_region *region = spa_buffer_find_meta_data(buffer->buffer, SPA_META_VideoCrop, sizeof *region);
  if (region) region->region = SPA_REGION(crop[0], crop[1], (uint32_t)crop[2], (uint32_t)crop[3]);
  struct spa_meta_videotransform *turn = spa_buffer_find_meta_data(buffer->buffer, SPA_META_VideoTransform, sizeof *turn);
  if (turn) turn->transform = transform;
  struct spa_meta_region *damage = spa_buffer_find_meta_data(buffer->buffer, SPA_META_VideoDamage, sizeof *damage);
  if (damage) damage[0].region = SPA_REGION(0, 0, 32 * CELL, 3 * CELL), damage[1].region = SPA_REGION(0, 0, 0, 0);
  write_cursor(buffer->buffer);
  pw_stream_queue_buffer(stream, buffer);
  number++;
}

static void obey(const char *command) {
  uint8_t memory[1024];
  struct spa_pod_builder builder = SPA_POD_BUILDER_INIT(memory, sizeof memory);
  if (!strcmp(command, "pause")) pw_stream_set_active(stream, false), arm(0);
  else if (!strcmp(command, "resume")) pw_stream_set_active(stream, true), arm(fps);
  else if (!strcmp(command, "speak")) is_mute = false;
  else if (!strcmp(command, "die")) _exit(9);
  else if (!strcmp(command, "quit")) pw_main_loop_quit(loop);
  else if (sscanf(command, "resize %d %d", &width, &height) == 2) {
    const struct spa_pod *params[] = {offer(&builder)};
    pw_stream_update_params(stream, params, 1);
  } else if (sscanf(command, "cursor %d %d", &cursor[0], &cursor[1]) != 2) fprintf(stderr, "pwnode: %s?\n", command);
}

static void on_input(void *data, int fd, uint32_t mask) {
  (void)data, (void)mask;
  ssize_t count = read(fd, line + line_size, sizeof line - 1 - line_size);
  if (count <= 0) return pw_main_loop_quit(loop), (void)0;
  line_size += (size_t)count;
  line[line_size] = 0;
  char *end;
  while ((end = strchr(line, '\n'))) {
    *end = 0;
    obey(line);
    line_size -= (size_t)(end + 1 - line);
    memmove(line, end + 1, line_size + 1);
  }
}

static void on_signal(void *data, int signal) { (void)data, (void)signal, pw_main_loop_quit(loop); }

static const struct pw_stream_events events = {
    PW_VERSION_STREAM_EVENTS, .state_changed = on_state, .param_changed = on_param, .add_buffer = on_add,
    .remove_buffer = on_remove};

static void read_options(int count, char **words) {
  for (int i = 1; i < count; i++) {
    const char *word = words[i];
    if (!strcmp(word, "--bottom-up")) bottom_up = true;
    else if (!strcmp(word, "--no-stride")) no_stride = true;
    else if (!strcmp(word, "--damage")) has_damage = true;
    else if (!strcmp(word, "--no-header")) no_header = true;
    else if (!strcmp(word, "--memptr")) is_memptr = true;
    else if (!strcmp(word, "--dmabuf")) is_dmabuf = true;
    else if (!strcmp(word, "--tiled")) is_tiled = true;
    else if (!strcmp(word, "--still")) is_still = true;
    else if (!strcmp(word, "--mute")) is_mute = true;
    else if (++i == count) exit(64);
    else if (!strcmp(word, "--name")) name = words[i];
    else if (!strcmp(word, "--size")) sscanf(words[i], "%dx%d", &width, &height);
    else if (!strcmp(word, "--fps")) fps = atoi(words[i]);
    else if (!strcmp(word, "--pad")) pad = atoi(words[i]);
    else if (!strcmp(word, "--offset")) offset = atoi(words[i]);
    else if (!strcmp(word, "--corrupt")) corrupt = atoi(words[i]);
    else if (!strcmp(word, "--empty")) empty = atoi(words[i]);
    else if (!strcmp(word, "--lie")) lie = atoi(words[i]);
    else if (!strcmp(word, "--transform")) transform = (uint32_t)atoi(words[i]);
    else if (!strcmp(word, "--cursor")) sscanf(words[i], "%d,%d", &cursor[0], &cursor[1]);
    else if (!strcmp(word, "--crop")) has_crop = sscanf(words[i], "%d,%d,%d,%d", crop, crop + 1, crop + 2, crop + 3) == 4;
    else if (!strcmp(word, "--format")) {
      kind = NULL;
      for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        if (!strcmp(kinds[k].name, words[i])) kind = &kinds[k];
      if (!kind) exit(64);
    } else exit(64);
  }
}

int main(int count, char **words) {
  read_options(count, words);
  pw_init(NULL, NULL);
  loop = pw_main_loop_new(NULL);
  struct pw_loop *events_loop = pw_main_loop_get_loop(loop);
  pw_loop_add_signal(events_loop, SIGTERM, on_signal, NULL);
  pw_loop_add_io(events_loop, STDIN_FILENO, SPA_IO_IN | SPA_IO_HUP, false, on_input, NULL);
  timer = pw_loop_add_timer(events_loop, tick, NULL);
  struct pw_context *context = pw_context_new(events_loop, NULL, 0);
  struct pw_core *core = pw_context_connect(context, NULL, 0);
  if (!core) return fprintf(stderr, "pwnode: no PipeWire\n"), 1;
  stream = pw_stream_new(
      core, name, pw_properties_new(PW_KEY_MEDIA_CLASS, "Video/Source", PW_KEY_NODE_NAME, name, NULL));
  struct spa_hook hook;
  pw_stream_add_listener(stream, &hook, &events, NULL);
  uint8_t memory[1024];
  struct spa_pod_builder builder = SPA_POD_BUILDER_INIT(memory, sizeof memory);
  const struct spa_pod *params[] = {offer(&builder)};
  enum pw_stream_flags flags = PW_STREAM_FLAG_DRIVER | (is_memptr ? PW_STREAM_FLAG_MAP_BUFFERS : PW_STREAM_FLAG_ALLOC_BUFFERS);
  if (pw_stream_connect(stream, PW_DIRECTION_OUTPUT, PW_ID_ANY, flags, params, 1) < 0) return 1;
  pw_main_loop_run(loop);
  pw_stream_destroy(stream);
  pw_context_destroy(context);
  pw_main_loop_destroy(loop);
}
