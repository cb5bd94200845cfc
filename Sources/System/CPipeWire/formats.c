#include "formats.h"

#include <spa/param/video/format-utils.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

// The order is the order of preference: cheapest to read first.
static const struct {
  uint32_t format;
  enum cpipewire_pixels pixels;
} formats[] = {
    {SPA_VIDEO_FORMAT_BGRx, CPIPEWIRE_BGRX},
    {SPA_VIDEO_FORMAT_BGRA, CPIPEWIRE_BGRA},
    {SPA_VIDEO_FORMAT_RGBx, CPIPEWIRE_RGBX},
    {SPA_VIDEO_FORMAT_RGBA, CPIPEWIRE_RGBA},
    {SPA_VIDEO_FORMAT_xRGB, CPIPEWIRE_XRGB},
    {SPA_VIDEO_FORMAT_ARGB, CPIPEWIRE_ARGB},
    {SPA_VIDEO_FORMAT_xBGR, CPIPEWIRE_XBGR},
    {SPA_VIDEO_FORMAT_ABGR, CPIPEWIRE_ABGR},
    {SPA_VIDEO_FORMAT_BGR, CPIPEWIRE_BGR},
    {SPA_VIDEO_FORMAT_RGB, CPIPEWIRE_RGB},
    {SPA_VIDEO_FORMAT_xRGB_210LE, CPIPEWIRE_XRGB_210},
    {SPA_VIDEO_FORMAT_ARGB_210LE, CPIPEWIRE_ARGB_210},
    {SPA_VIDEO_FORMAT_xBGR_210LE, CPIPEWIRE_XBGR_210},
    {SPA_VIDEO_FORMAT_ABGR_210LE, CPIPEWIRE_ABGR_210},
};

int cpipewire_pixels_of(uint32_t format) {
  for (size_t i = 0; i < COUNT(formats); i++)
    if (formats[i].format == format) return formats[i].pixels;
  return -1;
}

static void add_fraction_range(
    struct spa_pod_builder *builder, uint32_t key, struct spa_fraction usual, struct spa_fraction least,
    struct spa_fraction most) {
  struct spa_pod_frame choice;
  spa_pod_builder_prop(builder, key, 0);
  spa_pod_builder_push_choice(builder, &choice, SPA_CHOICE_Range, 0);
  spa_pod_builder_fraction(builder, usual.num, usual.denom);
  spa_pod_builder_fraction(builder, least.num, least.denom);
  spa_pod_builder_fraction(builder, most.num, most.denom);
  spa_pod_builder_pop(builder, &choice);
}

const struct spa_pod *cpipewire_offer(struct spa_pod_builder *builder, uint32_t rate, bool is_dmabuf) {
  struct spa_pod_frame object, choice;
  spa_pod_builder_push_object(builder, &object, SPA_TYPE_OBJECT_Format, SPA_PARAM_EnumFormat);
  spa_pod_builder_prop(builder, SPA_FORMAT_mediaType, 0);
  spa_pod_builder_id(builder, SPA_MEDIA_TYPE_video);
  spa_pod_builder_prop(builder, SPA_FORMAT_mediaSubtype, 0);
  spa_pod_builder_id(builder, SPA_MEDIA_SUBTYPE_raw);

  spa_pod_builder_prop(builder, SPA_FORMAT_VIDEO_format, 0);
  spa_pod_builder_push_choice(builder, &choice, SPA_CHOICE_Enum, 0);
  spa_pod_builder_id(builder, formats[0].format);
  for (size_t i = 0; i < COUNT(formats); i++) spa_pod_builder_id(builder, formats[i].format);
  spa_pod_builder_pop(builder, &choice);

  if (is_dmabuf) {
    spa_pod_builder_prop(builder, SPA_FORMAT_VIDEO_modifier, SPA_POD_PROP_FLAG_MANDATORY);
    spa_pod_builder_push_choice(builder, &choice, SPA_CHOICE_Enum, 0);
    spa_pod_builder_long(builder, 0);  // DRM_FORMAT_MOD_LINEAR
    spa_pod_builder_long(builder, 0);
    spa_pod_builder_pop(builder, &choice);
  }

  spa_pod_builder_prop(builder, SPA_FORMAT_VIDEO_size, 0);
  spa_pod_builder_push_choice(builder, &choice, SPA_CHOICE_Range, 0);
  spa_pod_builder_rectangle(builder, 1920, 1080);
  spa_pod_builder_rectangle(builder, 1, 1);
  spa_pod_builder_rectangle(builder, 16384, 16384);
  spa_pod_builder_pop(builder, &choice);

  // 0/1 means a rate that varies, which is what screens have: without it there is silently no match.
  add_fraction_range(
      builder, SPA_FORMAT_VIDEO_framerate, SPA_FRACTION(0, 1), SPA_FRACTION(0, 1), SPA_FRACTION(1000, 1));
  add_fraction_range(
      builder, SPA_FORMAT_VIDEO_maxFramerate, SPA_FRACTION(rate, 1), SPA_FRACTION(1, 1), SPA_FRACTION(rate, 1));
  return spa_pod_builder_pop(builder, &object);
}
