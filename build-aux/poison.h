/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * poison.h: included by the build before every file of engine/rules/, so that
 * a rule that reaches for the clock, the heap, a file or a row does not compile.
 */
#ifndef BUILD_AUX_POISON_H
#define BUILD_AUX_POISON_H

/* What the rules may use is read first: its declarations name a few of these. */
#include <assert.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#pragma GCC poison time clock clock_gettime gettimeofday gmtime gmtime_r
#pragma GCC poison localtime localtime_r mktime timegm strftime nanosleep sleep
#pragma GCC poison malloc calloc realloc reallocarray free alloca strdup strndup
#pragma GCC poison asprintf vasprintf aligned_alloc posix_memalign
#pragma GCC poison printf fprintf sprintf snprintf vprintf vfprintf vsnprintf
#pragma GCC poison scanf sscanf fscanf puts fputs putc fputc putchar perror
#pragma GCC poison fopen fclose fread fwrite fflush stdin stdout stderr FILE
#pragma GCC poison open openat close read write lseek fsync unlink rename
#pragma GCC poison socket connect bind accept send recv poll select
#pragma GCC poison getenv setenv rand srand random getrandom qsort errno
#pragma GCC poison sqlite3 sqlite3_stmt sqlite3_open sqlite3_exec sqlite3_step
#pragma GCC poison json_t CURL FCGX_Request HDF syslog fork exec pthread_create

#endif
