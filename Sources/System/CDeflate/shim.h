// libdeflate: deflate for bytes that are all in memory, twice as fast as zlib.
#pragma once

#include <libdeflate.h>
