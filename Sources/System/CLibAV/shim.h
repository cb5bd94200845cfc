#pragma once
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>

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

/// Stops the libraries from writing to standard error; for the whole process.
static inline void clibav_silence(void) { av_log_set_level(AV_LOG_QUIET); }
