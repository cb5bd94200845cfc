#pragma once

#ifdef __cplusplus
extern "C" {
#endif

// Loads the library unless it is loaded; nothing else of it may be called before this has returned 0.
int csourcehighlight_load(void);

#ifdef __cplusplus
}
#endif
