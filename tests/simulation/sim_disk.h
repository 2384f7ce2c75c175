/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sim_disk.h: disks in memory that know which bytes are safe. SQLite reaches
 * them as its default VFS, so that the store is opened by the very code that
 * is shipped. One disk per machine; a machine is a directory.
 */
#ifndef LEASEHOLD_TESTS_SIM_DISK_H
#define LEASEHOLD_TESTS_SIM_DISK_H

#include <stdbool.h>
#include <stdint.h>

struct sim_disk;
struct sim_disk_image;

/* What is left of bytes that were written and not synced. */
enum sim_disk_loss {
	SIM_DISK_KEEPS,		/* only the process died: all of them */
	SIM_DISK_DROPS,		/* none */
	SIM_DISK_CUTS,		/* those up to some write, which is torn */
	SIM_DISK_MIXES,		/* any of them, sector by sector */
	SIM_DISK_LOSS__COUNT
};

/* Registers the VFS. */
void sim_disk_start(void);
/* The disk of that directory; made at first sight. A file is read from the real one when it is first opened. */
struct sim_disk *sim_disk_of(const char *directory);
/* Opens, reads, writes, syncs, truncations and deletions so far. */
uint64_t sim_disk_operations(const struct sim_disk *disk);
/* After so many more of them the machine is dead: every one fails and does nothing. 0 = never. */
void sim_disk_crash_after(struct sim_disk *disk, uint64_t operations);
/* From now on a sync does nothing, and says that it went well. */
void sim_disk_lie(struct sim_disk *disk, bool lies);
/* While it is paused nothing counts and nobody dies: for a look from outside. */
void sim_disk_pause(struct sim_disk *disk, bool is_paused);
bool sim_disk_is_dead(const struct sim_disk *disk);
/* Every connection was closed: the machine starts again with what is left. */
void sim_disk_revive(struct sim_disk *disk, enum sim_disk_loss loss);

/* All files as they are; between two transactions that is what a backup holds. */
struct sim_disk_image *sim_disk_copy(const struct sim_disk *disk);
/* The files of the image instead of those there are; no connection is open. */
void sim_disk_restore(struct sim_disk *disk, const struct sim_disk_image *image);
void sim_disk_image_free(struct sim_disk_image **image);
/* Frees every disk. */
void sim_disk_stop(void);

#endif
