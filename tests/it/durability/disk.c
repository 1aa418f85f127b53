/* A disk under a SQLite database, for LD_PRELOAD: its power can fail, it can be full, it can be read-only.
 *
 *   DISK_DATABASE   the database file; what is said here holds for it, its -wal and its -journal
 *   DISK_STATE      a directory: STATE/content/<inode> has the bytes of a file that would outlive a power loss,
 *                   STATE/names/<name> is a link to the content that a name would lead to
 *   DISK_FULL       while a file of this name exists, nothing can grow: ENOSPC
 *   DISK_READ_ONLY  while a file of this name exists, nothing can be written or opened to be: EROFS
 *
 * Bytes become durable by fsync() or fdatasync() of their file, names by fsync() of the directory. What is there
 * when it is first opened is durable. The real calls to sync are left out: nothing is lost when a process dies. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DESCRIPTORS 4096
#define FILES 64

/* A file by its inode, and the part of it that was written and not synced. */
struct file {
    ino_t inode;
    off_t from, to;
};

enum kind { OTHER, DATABASE, DIRECTORY, SHARED_MEMORY };

static struct file files[FILES];
static int used;
static struct {
    enum kind kind;
    int file;
} open_as[DESCRIPTORS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char database[PATH_MAX], directory[PATH_MAX];
static const char *state, *full, *read_only;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static __attribute__((constructor)) void start(void) {
    const char *path = getenv("DISK_DATABASE");
    state = getenv("DISK_STATE");
    full = getenv("DISK_FULL");
    read_only = getenv("DISK_READ_ONLY");
    if (!path || strlen(path) >= sizeof database - 16) return;
    strcpy(database, path);
    strcpy(directory, path);
    char *slash = strrchr(directory, '/');
    if (slash) *slash = 0;
}

static void die(const char *what) {
    perror(what);
    abort();
}

static enum kind kind_of(const char *path) {
    if (!*database) return OTHER;
    if (!strcmp(path, directory)) return DIRECTORY;
    size_t length = strlen(database);
    if (strncmp(path, database, length)) return OTHER;
    const char *rest = path + length;
    if (!strcmp(rest, "-shm")) return SHARED_MEMORY;
    return !*rest || !strcmp(rest, "-wal") || !strcmp(rest, "-journal") ? DATABASE : OTHER;
}

static void path_of_content(char *path, ino_t inode) {
    snprintf(path, PATH_MAX, "%s/content/%lu", state, (unsigned long)inode);
}

static void path_in_state(char *path, const char *kind, const char *name) {
    if (snprintf(path, PATH_MAX, "%s/%s/%s", state, kind, name) >= PATH_MAX) abort();
}

static int open_content(const char *path, int flags) {
    int content = REAL(open64)(path, O_RDWR | O_CREAT | O_CLOEXEC | flags, 0600);
    if (content < 0) die(path);
    return content;
}

/* Brings a part of a file to the disk. What has been cut off since is not there any more. */
static void copy(int fd, off_t from, off_t to, int content) {
    char buffer[65536];
    while (from < to) {
        size_t most = to - from < (off_t)sizeof buffer ? (size_t)(to - from) : sizeof buffer;
        ssize_t bytes = REAL(pread64)(fd, buffer, most, from);
        if (bytes <= 0) break;
        if (REAL(pwrite64)(content, buffer, bytes, from) != bytes) die("the disk");
        from += bytes;
    }
}

static struct file *file_of(int fd) {
    return fd >= 0 && fd < DESCRIPTORS && open_as[fd].kind == DATABASE ? &files[open_as[fd].file] : NULL;
}

/* A name leads to its content from now on; at no moment to nothing. */
static void keep_name(const char *path, ino_t inode) {
    char name[PATH_MAX], next[PATH_MAX], content[PATH_MAX];
    path_in_state(name, "names", strrchr(path, '/') + 1);
    path_in_state(next, "content", "next");
    path_of_content(content, inode);
    unlink(next);
    if (link(content, next) || rename(next, name)) die(name);
    unlink(next);
}

static void opened(int fd, const char *path, int is_new) {
    if (fd < 0 || fd >= DESCRIPTORS) return;
    enum kind kind = kind_of(path);
    open_as[fd].kind = kind;
    if (kind != DATABASE) return;
    struct stat status;
    if (fstat(fd, &status)) die(path);
    int index = 0;
    while (index < used && files[index].inode != status.st_ino) index++;
    open_as[fd].file = index;
    if (index == FILES) die("too many files");
    if (index < used && !is_new) return;
    if (index == used) used++;
    files[index] = (struct file){status.st_ino, 0, 0};
    if (!state) return;
    char path_of_bytes[PATH_MAX], next[PATH_MAX], name[PATH_MAX];
    path_of_content(path_of_bytes, status.st_ino);
    if (is_new) {
        unlink(path_of_bytes);
        close(open_content(path_of_bytes, O_EXCL));
        return;
    }
    /* Whole before it is seen, and by its name first: the process may be killed here, too. */
    path_in_state(next, "content", "next");
    path_in_state(name, "names", strrchr(path, '/') + 1);
    int content = open_content(next, O_TRUNC);
    copy(fd, 0, status.st_size, content);
    close(content);
    if (link(next, name) && errno != EEXIST) die(name);
    if (rename(next, path_of_bytes)) die(path_of_bytes);
    keep_name(path, status.st_ino);
}

static void written(struct file *file, off_t from, off_t to) {
    if (file->from == file->to) {
        file->from = from;
        file->to = to;
        return;
    }
    if (from < file->from) file->from = from;
    if (to > file->to) file->to = to;
}

static void sync_file(int fd, struct file *file) {
    struct stat status;
    if (fstat(fd, &status)) die("fstat");
    char path[PATH_MAX];
    path_of_content(path, file->inode);
    int content = open_content(path, 0);
    copy(fd, file->from, file->to, content);
    if (ftruncate64(content, status.st_size)) die("the disk");
    close(content);
    file->from = file->to = 0;
}

static void sync_name(const char *suffix) {
    char path[PATH_MAX + 16], name[PATH_MAX];
    struct stat status;
    snprintf(path, sizeof path, "%s%s", database, suffix);
    if (!stat(path, &status)) {
        keep_name(path, status.st_ino);
    } else {
        path_in_state(name, "names", strrchr(path, '/') + 1);
        unlink(name);
    }
}

/* Why a file cannot be written up to here; 0 if it can. */
static int fault(int fd, off_t to) {
    struct stat status;
    if (read_only && !access(read_only, F_OK)) return EROFS;
    if (full && !access(full, F_OK) && (fstat(fd, &status) || to > status.st_size)) return ENOSPC;
    return 0;
}

/* ---- the calls ---- */

static int open_any(const char *path, int flags, mode_t mode) {
    if (kind_of(path) == OTHER) {
        int fd = REAL(open64)(path, flags, mode);
        if (fd >= 0 && fd < DESCRIPTORS) open_as[fd].kind = OTHER;
        return fd;
    }
    if (flags & (O_WRONLY | O_RDWR | O_CREAT) && read_only && !access(read_only, F_OK)) {
        errno = EROFS;
        return -1;
    }
    pthread_mutex_lock(&lock);
    int is_new = (flags & O_CREAT) && access(path, F_OK);
    int fd = REAL(open64)(path, flags, mode);
    opened(fd, path, is_new);
    pthread_mutex_unlock(&lock);
    return fd;
}

int open(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return open_any(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return open_any(path, flags | O_LARGEFILE, mode);
}

int close(int fd) {
    if (fd >= 0 && fd < DESCRIPTORS) open_as[fd].kind = OTHER;
    return REAL(close)(fd);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t from) {
    struct file *file = file_of(fd);
    if (!file) return REAL(pwrite64)(fd, bytes, length, from);
    pthread_mutex_lock(&lock);
    ssize_t result = -1;
    int wrong = fault(fd, from + (off64_t)length);
    if (wrong) {
        errno = wrong;
    } else {
        written(file, from, from + (off64_t)length);
        result = REAL(pwrite64)(fd, bytes, length, from);
    }
    pthread_mutex_unlock(&lock);
    return result;
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t from) {
    return pwrite64(fd, bytes, length, from);
}

ssize_t write(int fd, const void *bytes, size_t length) {
    struct file *file = file_of(fd);
    if (!file) return REAL(write)(fd, bytes, length);
    pthread_mutex_lock(&lock);
    off64_t from = lseek64(fd, 0, SEEK_CUR);
    ssize_t result = -1;
    int wrong = fault(fd, from + (off64_t)length);
    if (wrong) {
        errno = wrong;
    } else {
        written(file, from, from + (off64_t)length);
        result = REAL(write)(fd, bytes, length);
    }
    pthread_mutex_unlock(&lock);
    return result;
}

int ftruncate64(int fd, off64_t length) {
    struct file *file = file_of(fd);
    if (!file) return REAL(ftruncate64)(fd, length);
    pthread_mutex_lock(&lock);
    struct stat status;
    int result = fstat(fd, &status);
    if (!result) {
        if (length < status.st_size) {
            written(file, length, status.st_size);
        } else {
            written(file, status.st_size, length);
        }
        result = REAL(ftruncate64)(fd, length);
    }
    pthread_mutex_unlock(&lock);
    return result;
}

int ftruncate(int fd, off_t length) {
    return ftruncate64(fd, length);
}

int fsync(int fd) {
    enum kind kind = fd >= 0 && fd < DESCRIPTORS ? open_as[fd].kind : OTHER;
    if (kind == OTHER || kind == SHARED_MEMORY || !state) return REAL(fsync)(fd);
    pthread_mutex_lock(&lock);
    if (kind == DATABASE) {
        sync_file(fd, file_of(fd));
    } else {
        sync_name("");
        sync_name("-wal");
        sync_name("-journal");
    }
    pthread_mutex_unlock(&lock);
    return 0;
}

int fdatasync(int fd) {
    return fsync(fd);
}
