#include "CCurl.h"

#include <CLibrary.h>

// They check the types of what is called by their names.
#undef curl_easy_setopt
#undef curl_easy_getinfo

// Every function that Sources/Adapters/EngineClient calls: its result, its name, its parameters, and these again as arguments.
#define FUNCTIONS(F) \
  F(CURLcode, curl_global_init, (long flags), (flags)) \
  F(CURL *, curl_easy_init, (void), ()) \
  F(void, curl_easy_cleanup, (CURL *easy), (easy)) \
  F(CURLcode, curl_easy_pause, (CURL *easy, int what), (easy, what)) \
  F(CURLM *, curl_multi_init, (void), ()) \
  F(CURLMcode, curl_multi_cleanup, (CURLM *multi), (multi)) \
  F(CURLMcode, curl_multi_add_handle, (CURLM *multi, CURL *easy), (multi, easy)) \
  F(CURLMcode, curl_multi_remove_handle, (CURLM *multi, CURL *easy), (multi, easy)) \
  F(CURLMcode, curl_multi_perform, (CURLM *multi, int *running), (multi, running)) \
  F(CURLMcode, curl_multi_poll, \
    (CURLM *multi, struct curl_waitfd files[], unsigned int count, int timeout, int *ready), \
    (multi, files, count, timeout, ready)) \
  F(CURLMcode, curl_multi_wakeup, (CURLM *multi), (multi)) \
  F(CURLMsg *, curl_multi_info_read, (CURLM *multi, int *left), (multi, left)) \
  F(struct curl_slist *, curl_slist_append, (struct curl_slist *list, const char *text), (list, text)) \
  F(void, curl_slist_free_all, (struct curl_slist *list), (list))

FUNCTIONS(CLIBRARY_FORWARD)

static __typeof__(curl_easy_setopt) *set_option;
static __typeof__(curl_easy_getinfo) *get_info;

CURLcode ccurl_set_long(CURL *easy, CURLoption option, long value) { return set_option(easy, option, value); }

CURLcode ccurl_set_size(CURL *easy, CURLoption option, curl_off_t value) { return set_option(easy, option, value); }

CURLcode ccurl_set_string(CURL *easy, CURLoption option, const char *value) { return set_option(easy, option, value); }

CURLcode ccurl_set_pointer(CURL *easy, CURLoption option, const void *value) { return set_option(easy, option, value); }

CURLcode ccurl_set_data_function(CURL *easy, CURLoption option, ccurl_data_fn function) {
  return set_option(easy, option, function);
}

curl_off_t ccurl_bytes_sent(CURL *easy) {
  curl_off_t value = 0;
  return get_info(easy, CURLINFO_SIZE_UPLOAD_T, &value) == CURLE_OK ? value : 0;
}

long ccurl_connect_status(CURL *easy) {
  long value = 0;
  return get_info(easy, CURLINFO_HTTP_CONNECTCODE, &value) == CURLE_OK ? value : 0;
}

void *ccurl_private(CURL *easy) {
  char *value = NULL;
  return get_info(easy, CURLINFO_PRIVATE, &value) == CURLE_OK ? value : NULL;
}

static struct clibrary library = {
    // The second name is Debian's for the build with another TLS library.
    .sonames = CLIBRARY_SONAMES("libcurl.so.4", "libcurl-gnutls.so.4"),
    .functions =
        (const struct clibrary_function[]){
            FUNCTIONS(CLIBRARY_ENTRY){"curl_easy_setopt", (void **)&set_option},
            {"curl_easy_getinfo", (void **)&get_info},
            {NULL, NULL}},
};

int ccurl_load(char *reason, size_t size) { return clibrary_load(&library, reason, size); }
