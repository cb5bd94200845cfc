#pragma once
#include <curl/curl.h>

// libcurl's options and infos are variadic, which Swift cannot call, and its macros check types that Swift has already
// checked. One function a type of argument; each returns libcurl's own code.

typedef size_t (*ccurl_data_fn)(char *_Nullable bytes, size_t size, size_t count, void *_Nullable context);

static inline CURLcode ccurl_set_long(CURL *_Nonnull easy, CURLoption option, long value) {
    return (curl_easy_setopt)(easy, option, value);
}

static inline CURLcode ccurl_set_size(CURL *_Nonnull easy, CURLoption option, curl_off_t value) {
    return (curl_easy_setopt)(easy, option, value);
}

// libcurl copies the string, except for CURLOPT_POSTFIELDS, which is not used.
static inline CURLcode ccurl_set_string(CURL *_Nonnull easy, CURLoption option, const char *_Nullable value) {
    return (curl_easy_setopt)(easy, option, value);
}

// What the pointer points to has to live as long as the handle, except for CURLOPT_COPYPOSTFIELDS, which copies.
static inline CURLcode ccurl_set_pointer(CURL *_Nonnull easy, CURLoption option, const void *_Nullable value) {
    return (curl_easy_setopt)(easy, option, value);
}

static inline CURLcode ccurl_set_data_function(CURL *_Nonnull easy, CURLoption option, ccurl_data_fn _Nonnull function) {
    return (curl_easy_setopt)(easy, option, function);
}

// Bytes of the request that have been sent, headers left out.
static inline curl_off_t ccurl_bytes_sent(CURL *_Nonnull easy) {
    curl_off_t value = 0;
    return (curl_easy_getinfo)(easy, CURLINFO_SIZE_UPLOAD_T, &value) == CURLE_OK ? value : 0;
}

// The status with which a proxy answered CONNECT; 0 when none was asked.
static inline long ccurl_connect_status(CURL *_Nonnull easy) {
    long value = 0;
    return (curl_easy_getinfo)(easy, CURLINFO_HTTP_CONNECTCODE, &value) == CURLE_OK ? value : 0;
}

// The pointer that was stored with CURLOPT_PRIVATE.
static inline void *_Nullable ccurl_private(CURL *_Nonnull easy) {
    char *value = NULL;
    return (curl_easy_getinfo)(easy, CURLINFO_PRIVATE, &value) == CURLE_OK ? value : NULL;
}

// What a write callback returns to be called again with the same bytes after curl_easy_pause.
static inline size_t ccurl_pause(void) { return CURL_WRITEFUNC_PAUSE; }
