#pragma once
#define NCURSES_WIDECHAR 1   // pkg-config's -D_XOPEN_SOURCE never arrives: SwiftPM drops -D
#define NCURSES_NOMACROS 1
#include <curses.h>
#include <wchar.h>
