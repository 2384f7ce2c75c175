/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sim_disk.c: a VFS of SQLite over memory. Every sector remembers whether it
 * is safe and, if not, by which write it became what it is. Knows nothing of
 * what the bytes mean.
 */
#include "tests/simulation/sim_disk.h"

#include "tests/simulation/sim_random.h"
#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECTOR      512
#define FILES_MAX   8
#define DISKS_MAX   128
#define REGIONS_MAX 64

struct bytes {
	uint8_t *at;
	int64_t size, room;
};

struct sim_file {
	struct sim_disk *disk; /* NULL = a temporary file */
	char name[PATH_MAX];   /* "" = no such file */
	bool is_safe;          /* its name survives a loss of power */
	struct bytes now, safe;
	uint32_t *written; /* per sector: by which write, 0 = it is safe */
	int64_t written_room;
	uint32_t writes; /* since the last sync */
	int64_t dirty_from, dirty_to;
	int handles;
	/* Locks. */
	int shared;
	const void *reserved, *exclusive;
	/* The WAL index: gone with the last process. */
	void *regions[REGIONS_MAX];
	int region_bytes;
	int shm_shared[SQLITE_SHM_NLOCK];
	const void *shm_exclusive[SQLITE_SHM_NLOCK];
};

struct sim_disk {
	char directory[PATH_MAX];
	struct sim_file files[FILES_MAX];
	uint64_t operations, dies_at; /* 0 = never */
	bool is_dead, is_paused, lies;
};

struct sim_disk_image {
	struct {
		char name[PATH_MAX];
		struct bytes bytes;
	} files[FILES_MAX];
};

/* What SQLite calls an open file. */
struct handle {
	sqlite3_file base;
	struct sim_file *file;
	int lock;
	uint16_t shm_shared, shm_exclusive;
};

static struct sim_disk *disks[DISKS_MAX];

static void
out_of_memory(void)
{
	(void)fputs("sim_disk: no memory left\n", stderr);
	abort();
}

static void *
grown(void *at, int64_t size)
{
	void *more = realloc(at, (size_t)(size > 0 ? size : 1));

	if (!more)
		out_of_memory();
	return more;
}

static void
resize(struct bytes *bytes, int64_t size)
{
	if (size > bytes->room) {
		bytes->room = size + size / 2 + 65536;
		bytes->at = grown(bytes->at, bytes->room);
	}
	if (size > bytes->size)
		memset(
		    bytes->at + bytes->size, 0, (size_t)(size - bytes->size));
	bytes->size = size;
}

static void
copy_bytes(struct bytes *to, const struct bytes *from)
{
	resize(to, from->size);
	if (from->size > 0)
		memcpy(to->at, from->at, (size_t)from->size);
}

static void
drop_bytes(struct bytes *bytes)
{
	free(bytes->at);
	*bytes = (struct bytes){ 0 };
}

/* ---- what is safe ---- */

static int64_t
sectors_of(int64_t size)
{
	return (size + SECTOR - 1) / SECTOR;
}

static void
note_write(struct sim_file *file, int64_t from, int64_t to)
{
	int64_t room = sectors_of(to);

	if (room > file->written_room) {
		room += room / 2 + 128;
		file->written = grown(
		    file->written, room * (int64_t)sizeof(*file->written));
		memset(file->written + file->written_room, 0,
		    (size_t)(room - file->written_room) *
			sizeof(*file->written));
		file->written_room = room;
	}
	file->writes++;
	for (int64_t i = from / SECTOR; i < sectors_of(to); i++)
		file->written[i] = file->writes;
	if (from / SECTOR < file->dirty_from)
		file->dirty_from = from / SECTOR;
	if (sectors_of(to) > file->dirty_to)
		file->dirty_to = sectors_of(to);
}

static void
forget_writes(struct sim_file *file)
{
	for (int64_t i = file->dirty_from;
	     i < file->dirty_to && i < file->written_room; i++)
		file->written[i] = 0;
	file->writes = 0;
	file->dirty_from = INT64_MAX;
	file->dirty_to = 0;
}

static void
save_sector(struct sim_file *file, int64_t sector)
{
	int64_t from = sector * SECTOR, to = from + SECTOR;

	if (to > file->now.size)
		to = file->now.size;
	if (from >= to)
		return;
	if (to > file->safe.size)
		resize(&file->safe, to);
	memcpy(file->safe.at + from, file->now.at + from, (size_t)(to - from));
}

static void
sync_file(struct sim_file *file)
{
	for (int64_t i = file->dirty_from;
	     i < file->dirty_to && i < file->written_room; i++)
		if (file->written[i])
			save_sector(file, i);
	resize(&file->safe, file->now.size);
	file->is_safe = true;
	forget_writes(file);
}

static void
clear_file(struct sim_file *file)
{
	drop_bytes(&file->now);
	drop_bytes(&file->safe);
	free(file->written);
	for (int i = 0; i < REGIONS_MAX; i++)
		free(file->regions[i]);
	memset(file, 0, sizeof(*file));
	file->dirty_from = INT64_MAX;
}

static bool
survives(uint32_t write, uint32_t last, enum sim_disk_loss loss)
{
	if (loss == SIM_DISK_CUTS)
		return write < last ||
		    (write == last && sim_random_chance(1, 2));
	if (loss == SIM_DISK_MIXES)
		return sim_random_chance(1, 2);
	return loss == SIM_DISK_KEEPS;
}

/* The file as a machine finds it that starts again. */
static void
lose(struct sim_file *file, enum sim_disk_loss loss)
{
	uint32_t last = (uint32_t)sim_random_between(0, file->writes);

	if (loss == SIM_DISK_KEEPS) {
		sync_file(file);
		return;
	}
	if (!file->is_safe &&
	    (loss == SIM_DISK_DROPS || sim_random_chance(1, 2))) {
		clear_file(file);
		return;
	}
	for (int64_t i = file->dirty_from;
	     i < file->dirty_to && i < file->written_room; i++)
		if (file->written[i] && survives(file->written[i], last, loss))
			save_sector(file, i);
	forget_writes(file);
	copy_bytes(&file->now, &file->safe);
	file->is_safe = true;
}

/* ---- files ---- */

static struct sim_file *
find_file(struct sim_disk *disk, const char *name)
{
	for (int i = 0; i < FILES_MAX; i++)
		if (*disk->files[i].name &&
		    strcmp(disk->files[i].name, name) == 0)
			return &disk->files[i];
	return NULL;
}

static struct sim_file *
make_file(struct sim_disk *disk, const char *name)
{
	for (int i = 0; i < FILES_MAX; i++) {
		struct sim_file *file = &disk->files[i];

		if (*file->name)
			continue;
		clear_file(file);
		file->disk = disk;
		(void)snprintf(file->name, sizeof(file->name), "%s", name);
		return file;
	}
	(void)fprintf(stderr, "sim_disk: too many files for %s\n", name);
	abort();
}

/* What store_create wrote through the file system. */
static struct sim_file *
read_real(struct sim_disk *disk, const char *name)
{
	struct sim_file *file;
	FILE *from = fopen(name, "rb");
	uint8_t some[65536];
	size_t got;

	if (!from)
		return NULL;
	file = make_file(disk, name);
	while ((got = fread(some, 1, sizeof(some), from)) > 0) {
		int64_t at = file->now.size;

		resize(&file->now, at + (int64_t)got);
		memcpy(file->now.at + at, some, got);
	}
	(void)fclose(from);
	copy_bytes(&file->safe, &file->now);
	file->is_safe = true;
	return file;
}

static struct sim_disk *
disk_of_path(const char *path)
{
	const char *slash = strrchr(path, '/');
	char directory[PATH_MAX];

	(void)snprintf(directory, sizeof(directory), "%.*s",
	    slash ? (int)(slash - path) : 0, path);
	return sim_disk_of(directory);
}

/* One operation more; false when the machine is dead. */
static bool
may_work(struct sim_disk *disk)
{
	if (!disk || disk->is_paused)
		return true;
	disk->operations++;
	if (disk->dies_at && disk->operations >= disk->dies_at)
		disk->is_dead = true;
	return !disk->is_dead;
}

/* ---- what SQLite does with an open file ---- */

static struct handle *
handle_of(sqlite3_file *base)
{
	return (struct handle *)(void *)base;
}

static int unlock_shm(struct handle *handle);

static int
disk_unlock(sqlite3_file *base, int level)
{
	struct handle *handle = handle_of(base);
	struct sim_file *file = handle->file;

	if (level < SQLITE_LOCK_RESERVED && file->reserved == handle)
		file->reserved = NULL;
	if (level < SQLITE_LOCK_EXCLUSIVE && file->exclusive == handle)
		file->exclusive = NULL;
	if (level == SQLITE_LOCK_NONE && handle->lock > SQLITE_LOCK_NONE)
		file->shared--;
	handle->lock = level;
	return SQLITE_OK;
}

static int
disk_lock(sqlite3_file *base, int level)
{
	struct handle *handle = handle_of(base);
	struct sim_file *file = handle->file;

	if (level <= handle->lock)
		return SQLITE_OK;
	if (file->exclusive && file->exclusive != handle)
		return SQLITE_BUSY;
	if (level >= SQLITE_LOCK_RESERVED && file->reserved &&
	    file->reserved != handle)
		return SQLITE_BUSY;
	if (level == SQLITE_LOCK_EXCLUSIVE && file->shared > 1)
		return SQLITE_BUSY;
	if (handle->lock == SQLITE_LOCK_NONE)
		file->shared++;
	if (level >= SQLITE_LOCK_RESERVED)
		file->reserved = handle;
	if (level == SQLITE_LOCK_EXCLUSIVE)
		file->exclusive = handle;
	handle->lock = level;
	return SQLITE_OK;
}

static int
disk_reserved(sqlite3_file *base, int *out)
{
	*out = handle_of(base)->file->reserved != NULL;
	return SQLITE_OK;
}

static int
disk_close(sqlite3_file *base)
{
	struct handle *handle = handle_of(base);
	struct sim_file *file = handle->file;

	(void)disk_unlock(base, SQLITE_LOCK_NONE);
	(void)unlock_shm(handle);
	file->handles--;
	if (!file->disk) {
		clear_file(file);
		free(file);
	}
	return SQLITE_OK;
}

static int
disk_read(sqlite3_file *base, void *out, int bytes, sqlite3_int64 at)
{
	struct sim_file *file = handle_of(base)->file;
	int64_t there = file->now.size - at;

	if (!may_work(file->disk))
		return SQLITE_IOERR_READ;
	if (there >= bytes) {
		memcpy(out, file->now.at + at, (size_t)bytes);
		return SQLITE_OK;
	}
	memset(out, 0, (size_t)bytes);
	if (there > 0)
		memcpy(out, file->now.at + at, (size_t)there);
	return SQLITE_IOERR_SHORT_READ;
}

static int
disk_write(sqlite3_file *base, const void *from, int bytes, sqlite3_int64 at)
{
	struct sim_file *file = handle_of(base)->file;
	bool was_alive = !file->disk || !file->disk->is_dead;
	bool is_alive = may_work(file->disk);

	/* The write at which it dies may still reach the disk, or half of it. */
	if (!is_alive && !was_alive)
		return SQLITE_IOERR_WRITE;
	if (at + bytes > file->now.size)
		resize(&file->now, at + bytes);
	memcpy(file->now.at + at, from, (size_t)bytes);
	note_write(file, at, at + bytes);
	return is_alive ? SQLITE_OK : SQLITE_IOERR_WRITE;
}

static int
disk_truncate(sqlite3_file *base, sqlite3_int64 size)
{
	struct sim_file *file = handle_of(base)->file;

	if (!may_work(file->disk))
		return SQLITE_IOERR_TRUNCATE;
	if (size < file->now.size)
		resize(&file->now, size);
	return SQLITE_OK;
}

static int
disk_sync(sqlite3_file *base, int flags)
{
	struct sim_file *file = handle_of(base)->file;

	(void)flags;
	if (!may_work(file->disk))
		return SQLITE_IOERR_FSYNC;
	if (!file->disk || !file->disk->lies)
		sync_file(file);
	return SQLITE_OK;
}

static int
disk_size(sqlite3_file *base, sqlite3_int64 *out)
{
	*out = handle_of(base)->file->now.size;
	return SQLITE_OK;
}

static int
disk_control(sqlite3_file *base, int what, void *argument)
{
	(void)base, (void)what, (void)argument;
	return SQLITE_NOTFOUND;
}

static int
disk_sector(sqlite3_file *base)
{
	(void)base;
	return SECTOR;
}

static int
disk_character(sqlite3_file *base)
{
	(void)base;
	return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

/* ---- the WAL index ---- */

static int
disk_shm_map(
    sqlite3_file *base, int region, int bytes, int extend, void volatile **out)
{
	struct sim_file *file = handle_of(base)->file;

	*out = NULL;
	if (file->disk && file->disk->is_dead)
		return SQLITE_IOERR_SHMMAP;
	if (region >= REGIONS_MAX)
		return SQLITE_FULL;
	if (!file->regions[region] && extend) {
		file->regions[region] = grown(NULL, bytes);
		memset(file->regions[region], 0, (size_t)bytes);
	}
	*out = file->regions[region];
	return SQLITE_OK;
}

static int
unlock_slot(struct handle *handle, int slot)
{
	uint16_t bit = (uint16_t)(1U << slot);

	if (handle->shm_shared & bit)
		handle->file->shm_shared[slot]--;
	if (handle->shm_exclusive & bit)
		handle->file->shm_exclusive[slot] = NULL;
	handle->shm_shared &= (uint16_t)~bit;
	handle->shm_exclusive &= (uint16_t)~bit;
	return SQLITE_OK;
}

static int
unlock_shm(struct handle *handle)
{
	for (int i = 0; i < SQLITE_SHM_NLOCK; i++)
		(void)unlock_slot(handle, i);
	return SQLITE_OK;
}

static bool
is_slot_free(const struct handle *handle, int slot, bool exclusive)
{
	const struct sim_file *file = handle->file;
	bool mine = handle->shm_shared & (1U << slot);

	if (file->shm_exclusive[slot] && file->shm_exclusive[slot] != handle)
		return false;
	return !exclusive || file->shm_shared[slot] == (mine ? 1 : 0);
}

static int
disk_shm_lock(sqlite3_file *base, int offset, int count, int flags)
{
	struct handle *handle = handle_of(base);
	bool exclusive = flags & SQLITE_SHM_EXCLUSIVE;

	if (handle->file->disk && handle->file->disk->is_dead &&
	    !(flags & SQLITE_SHM_UNLOCK))
		return SQLITE_IOERR_SHMLOCK;
	for (int i = offset; i < offset + count; i++) {
		if (flags & SQLITE_SHM_UNLOCK)
			(void)unlock_slot(handle, i);
		else if (!is_slot_free(handle, i, exclusive))
			return SQLITE_BUSY;
	}
	if (flags & SQLITE_SHM_UNLOCK)
		return SQLITE_OK;
	for (int i = offset; i < offset + count; i++) {
		if (exclusive) {
			handle->file->shm_exclusive[i] = handle;
			handle->shm_exclusive |= (uint16_t)(1U << i);
		} else if (!(handle->shm_shared & (1U << i))) {
			handle->file->shm_shared[i]++;
			handle->shm_shared |= (uint16_t)(1U << i);
		}
	}
	return SQLITE_OK;
}

static void
disk_shm_barrier(sqlite3_file *base)
{
	(void)base;
}

static void
drop_regions(struct sim_file *file)
{
	for (int i = 0; i < REGIONS_MAX; i++) {
		free(file->regions[i]);
		file->regions[i] = NULL;
	}
}

static int
disk_shm_unmap(sqlite3_file *base, int drop)
{
	struct handle *handle = handle_of(base);

	(void)unlock_shm(handle);
	if (drop)
		drop_regions(handle->file);
	return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
	.iVersion = 2,
	.xClose = disk_close,
	.xRead = disk_read,
	.xWrite = disk_write,
	.xTruncate = disk_truncate,
	.xSync = disk_sync,
	.xFileSize = disk_size,
	.xLock = disk_lock,
	.xUnlock = disk_unlock,
	.xCheckReservedLock = disk_reserved,
	.xFileControl = disk_control,
	.xSectorSize = disk_sector,
	.xDeviceCharacteristics = disk_character,
	.xShmMap = disk_shm_map,
	.xShmLock = disk_shm_lock,
	.xShmBarrier = disk_shm_barrier,
	.xShmUnmap = disk_shm_unmap,
};

/* ---- the VFS ---- */

static struct sim_file *
open_temporary(void)
{
	struct sim_file *file = grown(NULL, sizeof(*file));

	memset(file, 0, sizeof(*file));
	file->dirty_from = INT64_MAX;
	return file;
}

static struct sim_file *
open_named(const char *name, int flags)
{
	struct sim_disk *disk = disk_of_path(name);
	struct sim_file *file;

	if (!may_work(disk))
		return NULL;
	file = find_file(disk, name);
	if (!file && (flags & SQLITE_OPEN_MAIN_DB))
		file = read_real(disk, name);
	if (!file && (flags & SQLITE_OPEN_CREATE))
		file = make_file(disk, name);
	return file;
}

static int
disk_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags,
    int *out_flags)
{
	struct handle *handle = handle_of(base);
	struct sim_file *file;

	(void)vfs;
	memset(handle, 0, sizeof(*handle));
	if (!(file = name ? open_named(name, flags) : open_temporary()))
		return SQLITE_CANTOPEN;
	file->handles++;
	handle->file = file;
	handle->base.pMethods = &methods;
	if (out_flags)
		*out_flags = flags;
	return SQLITE_OK;
}

static int
disk_delete(sqlite3_vfs *vfs, const char *name, int directory)
{
	struct sim_disk *disk = disk_of_path(name);
	struct sim_file *file;

	(void)vfs, (void)directory;
	if (!may_work(disk))
		return SQLITE_IOERR_DELETE;
	if ((file = find_file(disk, name)) && file->handles == 0)
		clear_file(file);
	return SQLITE_OK;
}

static int
disk_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
	const struct sim_file *file = find_file(disk_of_path(name), name);

	(void)vfs, (void)flags;
	*out = file && file->now.size > 0;
	return SQLITE_OK;
}

static int
disk_full_path(sqlite3_vfs *vfs, const char *name, int size, char *out)
{
	(void)vfs;
	(void)snprintf(out, (size_t)size, "%s", name);
	return SQLITE_OK;
}

static int
disk_randomness(sqlite3_vfs *vfs, int bytes, char *out)
{
	(void)vfs;
	for (int i = 0; i < bytes; i++)
		out[i] = (char)(sim_random_next() >> 40);
	return bytes;
}

static int
disk_sleep(sqlite3_vfs *vfs, int microseconds)
{
	(void)vfs;
	return microseconds;
}

/* No row of ours asks SQLite for the time; it stands still. */
static int
disk_time(sqlite3_vfs *vfs, double *out)
{
	(void)vfs;
	*out = 2460000.5;
	return SQLITE_OK;
}

static sqlite3_vfs vfs = {
	.iVersion = 1,
	.szOsFile = sizeof(struct handle),
	.mxPathname = PATH_MAX,
	.zName = "simulation",
	.xOpen = disk_open,
	.xDelete = disk_delete,
	.xAccess = disk_access,
	.xFullPathname = disk_full_path,
	.xRandomness = disk_randomness,
	.xSleep = disk_sleep,
	.xCurrentTime = disk_time,
};

/* ---- machines ---- */

void
sim_disk_start(void)
{
	if (sqlite3_vfs_register(&vfs, 1) != SQLITE_OK)
		out_of_memory();
}

struct sim_disk *
sim_disk_of(const char *directory)
{
	for (int i = 0; i < DISKS_MAX; i++) {
		if (!disks[i]) {
			disks[i] = grown(NULL, sizeof(*disks[i]));
			memset(disks[i], 0, sizeof(*disks[i]));
			(void)snprintf(
			    disks[i]->directory, PATH_MAX, "%s", directory);
			return disks[i];
		}
		if (strcmp(disks[i]->directory, directory) == 0)
			return disks[i];
	}
	(void)fputs("sim_disk: too many machines\n", stderr);
	abort();
}

uint64_t
sim_disk_operations(const struct sim_disk *disk)
{
	return disk->operations;
}

void
sim_disk_crash_after(struct sim_disk *disk, uint64_t operations)
{
	disk->dies_at = operations ? disk->operations + operations : 0;
}

void
sim_disk_lie(struct sim_disk *disk, bool lies)
{
	disk->lies = lies;
}

void
sim_disk_pause(struct sim_disk *disk, bool is_paused)
{
	disk->is_paused = is_paused;
}

bool
sim_disk_is_dead(const struct sim_disk *disk)
{
	return disk->is_dead;
}

static void
forget_locks(struct sim_file *file)
{
	drop_regions(file);
	file->shared = 0;
	file->reserved = file->exclusive = NULL;
	memset(file->shm_shared, 0, sizeof(file->shm_shared));
	memset(file->shm_exclusive, 0, sizeof(file->shm_exclusive));
}

void
sim_disk_revive(struct sim_disk *disk, enum sim_disk_loss loss)
{
	disk->is_dead = false;
	disk->dies_at = 0;
	for (int i = 0; i < FILES_MAX; i++) {
		struct sim_file *file = &disk->files[i];

		if (!*file->name)
			continue;
		forget_locks(file);
		lose(file, loss);
	}
}

struct sim_disk_image *
sim_disk_copy(const struct sim_disk *disk)
{
	struct sim_disk_image *image = grown(NULL, sizeof(*image));

	memset(image, 0, sizeof(*image));
	for (int i = 0; i < FILES_MAX; i++) {
		const struct sim_file *file = &disk->files[i];

		if (!*file->name)
			continue;
		memcpy(image->files[i].name, file->name, PATH_MAX);
		copy_bytes(&image->files[i].bytes, &file->now);
	}
	return image;
}

void
sim_disk_restore(struct sim_disk *disk, const struct sim_disk_image *image)
{
	for (int i = 0; i < FILES_MAX; i++) {
		struct sim_file *file = &disk->files[i];

		clear_file(file);
		if (!*image->files[i].name)
			continue;
		file->disk = disk;
		memcpy(file->name, image->files[i].name, PATH_MAX);
		copy_bytes(&file->now, &image->files[i].bytes);
		copy_bytes(&file->safe, &image->files[i].bytes);
		file->is_safe = true;
	}
}

void
sim_disk_image_free(struct sim_disk_image **image)
{
	if (!*image)
		return;
	for (int i = 0; i < FILES_MAX; i++)
		drop_bytes(&(*image)->files[i].bytes);
	free(*image);
	*image = NULL;
}

void
sim_disk_stop(void)
{
	for (int i = 0; i < DISKS_MAX && disks[i]; i++) {
		for (int k = 0; k < FILES_MAX; k++)
			clear_file(&disks[i]->files[k]);
		free(disks[i]);
		disks[i] = NULL;
	}
}
