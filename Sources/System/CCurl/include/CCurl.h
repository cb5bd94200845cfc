#pragma once
#include <curl/curl.h>
#include <stddef.h>

// Loads libcurl, which nothing of this header or libcurl's own may be called without; calls after the first success cost
// nothing. Returns 0, or -1 with a reason. Any thread.
int ccurl_load(char *_Nonnull reason, size_t size);

// libcurl's options and infos are variadic, which Swift cannot call, and its macros check types that Swift has already
// checked. One function a type of argument; each returns libcurl's own code.

typedef size_t (*ccurl_data_fn)(char *_Nullable bytes, size_t size, size_t count, void *_Nullable context);

CURLcode ccurl_set_long(CURL *_Nonnull easy, CURLoption option, long value);

CURLcode ccurl_set_size(CURL *_Nonnull easy, CURLoption option, curl_off_t value);

// libcurl copies the string, except for CURLOPT_POSTFIELDS, which is not used.
CURLcode ccurl_set_string(CURL *_Nonnull easy, CURLoption option, const char *_Nullable value);

// What the pointer points to has to live as long as the handle, except for CURLOPT_COPYPOSTFIELDS, which copies.
CURLcode ccurl_set_pointer(CURL *_Nonnull easy, CURLoption option, const void *_Nullable value);

CURLcode ccurl_set_data_function(CURL *_Nonnull easy, CURLoption option, ccurl_data_fn _Nonnull function);

// Bytes of the request that have been sent, headers left out.
curl_off_t ccurl_bytes_sent(CURL *_Nonnull easy);

// The status with which a proxy answered CONNECT; 0 when none was asked.
long ccurl_connect_status(CURL *_Nonnull easy);

// The pointer that was stored with CURLOPT_PRIVATE.
void *_Nullable ccurl_private(CURL *_Nonnull easy);

// What a write callback returns to be called again with the same bytes after curl_easy_pause.
static inline size_t ccurl_pause(void) { return CURL_WRITEFUNC_PAUSE; }
