#pragma once
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/hwcontext.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
#include <stddef.h>

// libav for Swift, loaded when it is first used instead of when the program starts.
//
// libavcodec brings a hundred libraries along. Linked in the usual way, all of them are mapped, relocated and
// initialised before `main`: most of the time and nearly half of the memory of a program that may never see a
// picture. So nothing is linked; the functions that are used are defined in loader.c and forward to the libraries
// once they are loaded. Their types come from the libraries' own headers: a function that is not in the list there
// does not link, one that is declared otherwise does not compile.

/// Loads the libraries, those of the headers that this was compiled with and no others.
///
/// No other function of libav may be called before this returned 0; afterwards any thread may. Later calls cost
/// nothing. Returns -1 when a library is missing, with a reason in `reason`, and may be tried again.
int clibav_load(char *_Nonnull reason, size_t size);

/// Debian's names of the packages to install when a library is missing, as "libavformat61 and libswscale8".
const char *_Nonnull clibav_packages(void);

// What Swift cannot import: macros that call functions, casts, or build structures.

/// The end of a file or stream.
static inline int clibav_error_end(void) { return AVERROR_EOF; }

/// Nothing yet: more input is needed.
static inline int clibav_error_again(void) { return AVERROR(EAGAIN); }

/// The code for a full disk.
static inline int clibav_error_no_space(void) { return AVERROR(ENOSPC); }

/// The code for a file that grew as large as the system lets it.
static inline int clibav_error_too_large(void) { return AVERROR(EFBIG); }

/// The time of a packet or frame that has none.
static inline int64_t clibav_no_time(void) { return AV_NOPTS_VALUE; }

/// How a stream's pictures are turned to be shown: nine numbers, or null when they are shown as they are.
static inline const int32_t *_Nullable clibav_display_matrix(const AVStream *_Nonnull stream) {
#if LIBAVFORMAT_VERSION_MAJOR >= 61
  const AVPacketSideData *data = stream->codecpar->coded_side_data;
  int count = stream->codecpar->nb_coded_side_data;
#else
  const AVPacketSideData *data = stream->side_data;
  int count = stream->nb_side_data;
#endif
  for (int index = 0; index < count; index++) {
    if (data[index].type == AV_PKT_DATA_DISPLAYMATRIX && data[index].size >= 9 * sizeof(int32_t))
      return (const int32_t *)data[index].data;
  }
  return NULL;
}
