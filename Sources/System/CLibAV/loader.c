#include "CLibAV.h"

#include <CLibrary.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define SONAME(name, major) "lib" name ".so." AV_STRINGIFY(major)

// Every function that Sources/Adapters/Media calls, directly or through an inline function of a header: its result, its
// name, its parameters, and these again as arguments.

#define AVUTIL(F) \
  F(AVBufferRef *, av_buffer_ref, (const AVBufferRef *buffer), (buffer)) \
  F(void, av_buffer_unref, (AVBufferRef **buffer), (buffer)) \
  F(AVDictionaryEntry *, av_dict_get, \
    (const AVDictionary *dictionary, const char *key, const AVDictionaryEntry *before, int flags), \
    (dictionary, key, before, flags)) \
  F(void, av_dict_free, (AVDictionary **dictionary), (dictionary)) \
  F(int, av_dict_set, (AVDictionary **dictionary, const char *key, const char *value, int flags), \
    (dictionary, key, value, flags)) \
  F(AVFrame *, av_frame_alloc, (void), ()) \
  F(void, av_frame_free, (AVFrame **frame), (frame)) \
  F(int, av_frame_get_buffer, (AVFrame *frame, int align), (frame, align)) \
  F(int, av_frame_make_writable, (AVFrame *frame), (frame)) \
  F(int, av_hwdevice_ctx_create, \
    (AVBufferRef **device, enum AVHWDeviceType type, const char *name, AVDictionary *options, int flags), \
    (device, type, name, options, flags)) \
  F(AVBufferRef *, av_hwframe_ctx_alloc, (AVBufferRef *device), (device)) \
  F(int, av_hwframe_ctx_init, (AVBufferRef *frames), (frames)) \
  F(int, av_hwframe_get_buffer, (AVBufferRef *frames, AVFrame *frame, int flags), (frames, frame, flags)) \
  F(int, av_hwframe_transfer_data, (AVFrame *target, const AVFrame *source, int flags), (target, source, flags)) \
  F(void, av_log_set_level, (int level), (level)) \
  F(void *, av_mallocz, (size_t size), (size)) \
  F(int, av_opt_set, (void *object, const char *name, const char *value, int flags), (object, name, value, flags)) \
  F(const AVPixFmtDescriptor *, av_pix_fmt_desc_get, (enum AVPixelFormat format), (format)) \
  F(int, av_strerror, (int code, char *text, size_t size), (code, text, size))

#define SWSCALE(F) \
  F(void, sws_freeContext, (struct SwsContext *context), (context)) \
  F(const int *, sws_getCoefficients, (int colors), (colors)) \
  F(struct SwsContext *, sws_getContext, \
    (int width, int height, enum AVPixelFormat format, int target_width, int target_height, \
     enum AVPixelFormat target_format, int flags, SwsFilter *filter, SwsFilter *target_filter, const double *values), \
    (width, height, format, target_width, target_height, target_format, flags, filter, target_filter, values)) \
  F(int, sws_scale, \
    (struct SwsContext *context, const uint8_t *const planes[], const int strides[], int y, int height, \
     uint8_t *const target_planes[], const int target_strides[]), \
    (context, planes, strides, y, height, target_planes, target_strides)) \
  F(int, sws_setColorspaceDetails, \
    (struct SwsContext *context, const int table[4], int is_full, const int target_table[4], int is_target_full, \
     int brightness, int contrast, int saturation), \
    (context, table, is_full, target_table, is_target_full, brightness, contrast, saturation))

#define AVCODEC(F) \
  F(int, av_new_packet, (AVPacket *packet, int size), (packet, size)) \
  F(AVPacket *, av_packet_alloc, (void), ()) \
  F(void, av_packet_free, (AVPacket **packet), (packet)) \
  F(void, av_packet_move_ref, (AVPacket *packet, AVPacket *source), (packet, source)) \
  F(void, av_packet_rescale_ts, (AVPacket *packet, AVRational from, AVRational to), (packet, from, to)) \
  F(void, av_packet_unref, (AVPacket *packet), (packet)) \
  F(AVCodecContext *, avcodec_alloc_context3, (const AVCodec *codec), (codec)) \
  F(const AVCodec *, avcodec_find_decoder, (enum AVCodecID id), (id)) \
  F(const AVCodec *, avcodec_find_encoder, (enum AVCodecID id), (id)) \
  F(const AVCodec *, avcodec_find_encoder_by_name, (const char *name), (name)) \
  F(void, avcodec_flush_buffers, (AVCodecContext *context), (context)) \
  F(void, avcodec_free_context, (AVCodecContext **context), (context)) \
  F(int, avcodec_open2, (AVCodecContext *context, const AVCodec *codec, AVDictionary **options), \
    (context, codec, options)) \
  F(int, avcodec_parameters_from_context, (AVCodecParameters *parameters, const AVCodecContext *context), \
    (parameters, context)) \
  F(int, avcodec_parameters_to_context, (AVCodecContext *context, const AVCodecParameters *parameters), \
    (context, parameters)) \
  F(int, avcodec_receive_frame, (AVCodecContext *context, AVFrame *frame), (context, frame)) \
  F(int, avcodec_receive_packet, (AVCodecContext *context, AVPacket *packet), (context, packet)) \
  F(int, avcodec_send_frame, (AVCodecContext *context, const AVFrame *frame), (context, frame)) \
  F(int, avcodec_send_packet, (AVCodecContext *context, const AVPacket *packet), (context, packet))

#define AVFORMAT(F) \
  F(int, av_find_best_stream, \
    (AVFormatContext *context, enum AVMediaType type, int wanted, int related, const AVCodec **decoder, int flags), \
    (context, type, wanted, related, decoder, flags)) \
  F(int, av_read_frame, (AVFormatContext *context, AVPacket *packet), (context, packet)) \
  F(int, av_index_search_timestamp, (AVStream *stream, int64_t time, int flags), (stream, time, flags)) \
  F(int, av_seek_frame, (AVFormatContext *context, int stream, int64_t time, int flags), \
    (context, stream, time, flags)) \
  F(int, av_write_frame, (AVFormatContext *context, AVPacket *packet), (context, packet)) \
  F(int, av_write_trailer, (AVFormatContext *context), (context)) \
  F(int, avformat_alloc_output_context2, \
    (AVFormatContext **context, const AVOutputFormat *format, const char *name, const char *path), \
    (context, format, name, path)) \
  F(void, avformat_close_input, (AVFormatContext **context), (context)) \
  F(int, avformat_find_stream_info, (AVFormatContext *context, AVDictionary **options), (context, options)) \
  F(void, avformat_free_context, (AVFormatContext *context), (context)) \
  F(const AVIndexEntry *, avformat_index_get_entry, (AVStream *stream, int index), (stream, index)) \
  F(AVStream *, avformat_new_stream, (AVFormatContext *context, const AVCodec *codec), (context, codec)) \
  F(int, avformat_open_input, \
    (AVFormatContext **context, const char *url, const AVInputFormat *format, AVDictionary **options), \
    (context, url, format, options)) \
  F(int, avformat_write_header, (AVFormatContext *context, AVDictionary **options), (context, options)) \
  F(int, avio_closep, (AVIOContext **context), (context)) \
  F(void, avio_flush, (AVIOContext *context), (context)) \
  F(int, avio_open2, \
    (AVIOContext **context, const char *url, int flags, const AVIOInterruptCB *interrupt, AVDictionary **options), \
    (context, url, flags, interrupt, options)) \
  F(int64_t, avio_seek, (AVIOContext *context, int64_t offset, int whence), (context, offset, whence))

AVUTIL(CLIBRARY_FORWARD)
SWSCALE(CLIBRARY_FORWARD)
AVCODEC(CLIBRARY_FORWARD)
AVFORMAT(CLIBRARY_FORWARD)

// They would write to the terminal that the chat is drawn on.
static void be_quiet(void) { av_log_set_level(AV_LOG_QUIET); }

#define LIBRARY(name, major, list) \
  .sonames = CLIBRARY_SONAMES(SONAME(name, major)), .functions = CLIBRARY_FUNCTIONS(list)

static struct clibrary libraries[] = {
    {LIBRARY("avutil", LIBAVUTIL_VERSION_MAJOR, AVUTIL), .prepare = be_quiet},
    {LIBRARY("swscale", LIBSWSCALE_VERSION_MAJOR, SWSCALE)},
    {LIBRARY("avcodec", LIBAVCODEC_VERSION_MAJOR, AVCODEC)},
    {LIBRARY("avformat", LIBAVFORMAT_VERSION_MAJOR, AVFORMAT)},
};

int clibav_load(char *reason, size_t size) {
  for (size_t i = 0; i < COUNT(libraries); i++) {
    if (clibrary_load(&libraries[i], reason, size) != 0) return -1;
  }
  return 0;
}

const char *clibav_packages(void) {
  return "libavformat" AV_STRINGIFY(LIBAVFORMAT_VERSION_MAJOR) " and libswscale" AV_STRINGIFY(LIBSWSCALE_VERSION_MAJOR);
}
