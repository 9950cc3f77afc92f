/* Faults at the n-th step of a process: LD_PRELOADed by tests/hostile/steps.py, never by the product.
 *
 * A step is a call that changes, or makes durable, a file below a folder: write, fsync, ftruncate,
 * rename, unlink, the making of a file. From shim_arm(folder, n, fault) on they are counted; at the n-th
 *   EIO     that one call fails,
 *   ENOSPC  that call and every later one that needs room fails,
 *   LOSE    what was not synced is undone and the process is killed, as when the power fails,
 *   TORN    every second of these changes is undone: disks write in an order of their own.
 * Until then each change of a file keeps what it overwrites, dropped when the file is synced; a name that
 * was made, taken or replaced is kept until its folder, or the file itself if it was made, is synced.
 * The shared memory of a write-ahead log (-shm) is no file on a disk: it isn't counted.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum fault { COUNT, FAULT_EIO, FAULT_ENOSPC, FAULT_LOSE, FAULT_TORN };
enum change { BYTES, MADE, RENAMED, REMOVED };

struct undo {
    struct undo *before;
    enum change change;
    dev_t device; /* of the file, or of the folder whose name changed */
    ino_t inode;
    dev_t file_device; /* MADE: of the file itself */
    ino_t file_inode;
    int fd; /* ours, never closed: that would drop SQLite's locks */
    off_t offset, length, size;
    char *bytes, *path, *other;
};

static pthread_mutex_t mutex = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static char folder[PATH_MAX];
static long steps, at;
static enum fault fault;
static struct undo *last;
static __thread int inside;

#define REAL(name, result, ...) \
    static result (*real_##name)(__VA_ARGS__); \
    if (!real_##name) real_##name = (result (*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

void shim_arm(const char *path, long number, int kind) {
    snprintf(folder, sizeof folder, "%s", path);
    steps = 0, at = number, fault = kind, last = NULL;
}

void shim_disarm(void) { folder[0] = 0; }

long shim_steps(void) { return steps; }

static int is_ours(const char *path) {
    size_t length = strlen(folder), end = strlen(path);
    if (!length || strncmp(path, folder, length)) return 0;
    return !(end > 4 && !strcmp(path + end - 4, "-shm")) && !(end > 5 && !strcmp(path + end - 5, "/lock"));
}

static int path_of(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return 1;
}

static int absolute(int at_fd, const char *path, char *full) {
    if (path[0] == '/') {
        snprintf(full, PATH_MAX, "%s", path);
        return 1;
    }
    char base[PATH_MAX];
    if (at_fd == AT_FDCWD ? !getcwd(base, sizeof base) : !path_of(at_fd, base)) return 0;
    return snprintf(full, PATH_MAX, "%s/%s", base, path) < PATH_MAX;
}

static void parent_of(const char *path, char *parent) {
    snprintf(parent, PATH_MAX, "%s", path);
    char *slash = strrchr(parent, '/');
    if (slash) *slash = 0;
}

static struct undo *note(enum change change) {
    struct undo *undo = calloc(1, sizeof *undo);
    undo->change = change, undo->before = last, last = undo;
    return undo;
}

static struct undo *note_name(enum change change, const char *path) {
    char parent[PATH_MAX];
    struct stat there = {0};
    parent_of(path, parent);
    stat(parent, &there);
    struct undo *undo = note(change);
    undo->device = there.st_dev, undo->inode = there.st_ino, undo->path = strdup(path);
    return undo;
}

/* What a write or truncation at `offset` is about to overwrite. */
static void note_bytes(int fd, off_t offset, off_t length) {
    struct stat there;
    char name[64];
    if (fstat(fd, &there) || !S_ISREG(there.st_mode)) return;
    struct undo *undo = note(BYTES);
    undo->device = there.st_dev, undo->inode = there.st_ino;
    undo->size = there.st_size, undo->offset = offset;
    undo->length = offset >= there.st_size ? 0
                   : offset + length > there.st_size ? there.st_size - offset : length;
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    undo->fd = open(name, O_RDWR | O_CLOEXEC);
    if (undo->length) {
        undo->bytes = malloc(undo->length);
        undo->length = pread(undo->fd, undo->bytes, undo->length, offset);
    }
}

static void undo_one(struct undo *undo) {
    if (undo->change == BYTES) {
        if (undo->length > 0 && pwrite(undo->fd, undo->bytes, undo->length, undo->offset) < 0) abort();
        if (ftruncate(undo->fd, undo->size)) abort();
    } else if (undo->change == MADE) {
        unlink(undo->path);
    } else if (undo->change == RENAMED) {
        rename(undo->path, undo->other);
        if (undo->bytes) rename(undo->bytes, undo->path);
    } else {
        rename(undo->bytes, undo->path);
    }
}

static void die(void) {
    int number = 0;
    for (struct undo *undo = last; undo; undo = undo->before)
        if (fault == FAULT_LOSE || undo->change != BYTES || number++ % 2) undo_one(undo);
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

/* What is synced stays; a folder's sync keeps its names, a made file's keeps its own. */
static void synced(int fd) {
    struct stat there;
    if (fstat(fd, &there)) return;
    for (struct undo **place = &last; *place;) {
        struct undo *undo = *place;
        int drop = undo->device == there.st_dev && undo->inode == there.st_ino;
        drop |= undo->change == MADE && undo->file_device == there.st_dev && undo->file_inode == there.st_ino;
        if (drop) {
            if (undo->change != BYTES && undo->bytes) unlink(undo->bytes);
            *place = undo->before;
        } else {
            place = &undo->before;
        }
    }
}

/* Count a step; the errno with which it is to fail, 0 for none. */
static int step(int needs_room) {
    steps++;
    if (fault == FAULT_ENOSPC && at && steps >= at && needs_room) return ENOSPC;
    if (!at || steps != at) return 0;
    if (fault == FAULT_EIO) return EIO;
    if (fault == FAULT_LOSE || fault == FAULT_TORN) die();
    return 0;
}

static int is_counted(int fd) {
    char path[PATH_MAX];
    return folder[0] && !inside && path_of(fd, path) && is_ours(path);
}

#define ENTER pthread_mutex_lock(&mutex), inside++
#define LEAVE inside--, pthread_mutex_unlock(&mutex)

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
    REAL(pwrite64, ssize_t, int, const void *, size_t, off64_t);
    if (!is_counted(fd)) return real_pwrite64(fd, bytes, length, offset);
    ENTER;
    int failed = step(1);
    if (!failed) note_bytes(fd, offset, length);
    ssize_t done = failed ? -1 : real_pwrite64(fd, bytes, length, offset);
    LEAVE;
    if (failed) errno = failed;
    return done;
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) {
    return pwrite64(fd, bytes, length, offset);
}

ssize_t write(int fd, const void *bytes, size_t length) {
    REAL(write, ssize_t, int, const void *, size_t);
    if (!is_counted(fd)) return real_write(fd, bytes, length);
    ENTER;
    int failed = step(1);
    if (!failed) {
        struct stat there;
        off_t offset = lseek(fd, 0, SEEK_CUR);
        if (fcntl(fd, F_GETFL) & O_APPEND && !fstat(fd, &there)) offset = there.st_size;
        note_bytes(fd, offset, length);
    }
    ssize_t done = failed ? -1 : real_write(fd, bytes, length);
    LEAVE;
    if (failed) errno = failed;
    return done;
}

#define SYNC(name) \
    int name(int fd) { \
        REAL(name, int, int); \
        if (!is_counted(fd)) return real_##name(fd); \
        ENTER; \
        int failed = step(0); \
        int done = failed ? -1 : real_##name(fd); \
        if (!done) synced(fd); \
        LEAVE; \
        if (failed) errno = failed; \
        return done; \
    }
SYNC(fsync)
SYNC(fdatasync)

int ftruncate64(int fd, off64_t size) {
    REAL(ftruncate64, int, int, off64_t);
    if (!is_counted(fd)) return real_ftruncate64(fd, size);
    ENTER;
    struct stat there;
    int failed = step(!fstat(fd, &there) && size > there.st_size);
    if (!failed) note_bytes(fd, size, there.st_size > size ? there.st_size - size : 0);
    int done = failed ? -1 : real_ftruncate64(fd, size);
    LEAVE;
    if (failed) errno = failed;
    return done;
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

/* A further name for what is about to lose its own, outside the folder's sight. */
static char *keep_aside(const char *path) {
    static int number;
    char aside[PATH_MAX + 32];
    snprintf(aside, sizeof aside, "%s.kept-%d", path, number++);
    unlink(aside);
    return link(path, aside) ? NULL : strdup(aside);
}

static int do_rename(int from_fd, const char *from, int to_fd, const char *to) {
    REAL(renameat, int, int, const char *, int, const char *);
    char source[PATH_MAX], target[PATH_MAX];
    if (!folder[0] || inside || !absolute(from_fd, from, source) || !absolute(to_fd, to, target)
        || !is_ours(target))
        return real_renameat(from_fd, from, to_fd, to);
    ENTER;
    int failed = step(1);
    char *kept = failed ? NULL : keep_aside(target);
    int done = failed ? -1 : real_renameat(from_fd, from, to_fd, to);
    int error = failed ? failed : errno;
    if (!done) {
        struct undo *undo = note_name(RENAMED, target);
        undo->other = strdup(source), undo->bytes = kept;
    } else if (kept) {
        unlink(kept);
    }
    LEAVE;
    if (done) errno = error;
    return done;
}

int rename(const char *from, const char *to) { return do_rename(AT_FDCWD, from, AT_FDCWD, to); }
int renameat(int from_fd, const char *from, int to_fd, const char *to) {
    return do_rename(from_fd, from, to_fd, to);
}

static int do_unlink(int at_fd, const char *name, int flags) {
    REAL(unlinkat, int, int, const char *, int);
    char path[PATH_MAX];
    if (!folder[0] || inside || flags || !absolute(at_fd, name, path) || !is_ours(path)
        || access(path, F_OK))
        return real_unlinkat(at_fd, name, flags);
    ENTER;
    int failed = step(0);
    char *kept = failed ? NULL : keep_aside(path);
    int done = failed ? -1 : real_unlinkat(at_fd, name, flags);
    if (!done) note_name(REMOVED, path)->bytes = kept;
    LEAVE;
    if (failed) errno = failed;
    return done;
}

int unlink(const char *path) { return do_unlink(AT_FDCWD, path, 0); }
int unlinkat(int fd, const char *path, int flags) { return do_unlink(fd, path, flags); }

static int do_open(int at_fd, const char *name, int flags, mode_t mode) {
    REAL(openat64, int, int, const char *, int, ...);
    char path[PATH_MAX];
    if (!folder[0] || inside || !(flags & O_CREAT) || !absolute(at_fd, name, path) || !is_ours(path)
        || !access(path, F_OK))
        return real_openat64(at_fd, name, flags, mode);
    ENTER;
    int failed = step(1);
    int fd = failed ? -1 : real_openat64(at_fd, name, flags, mode);
    int error = failed ? failed : errno;
    if (fd >= 0) {
        struct stat there = {0};
        fstat(fd, &there);
        struct undo *undo = note_name(MADE, path);
        undo->file_device = there.st_dev, undo->file_inode = there.st_ino;
    }
    LEAVE;
    if (fd < 0) errno = error;
    return fd;
}

#define OPEN(name, parameters, at_fd) \
    int name parameters { \
        mode_t mode = 0; \
        if (flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE) { \
            va_list rest; \
            va_start(rest, flags); \
            mode = va_arg(rest, mode_t); \
            va_end(rest); \
        } \
        return do_open(at_fd, path, flags, mode); \
    }
OPEN(open, (const char *path, int flags, ...), AT_FDCWD)
OPEN(open64, (const char *path, int flags, ...), AT_FDCWD)
OPEN(openat, (int fd, const char *path, int flags, ...), fd)
OPEN(openat64, (int fd, const char *path, int flags, ...), fd)
