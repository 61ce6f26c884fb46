/* Preloaded, lets the n-th write of a process and all after it fail, as on a full or broken disk.

   What counts as a write: bytes into a regular file, a new file, folder or link, a rename, an
   fsync. Taking away is no write. A negative error kills the process there instead. It sees what Python, Rust and RocksDB do, as all go through libc. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long done;
static long first;   /* the first write to fail; 0 is none */
static int reason;

void fail_from(long number, int error) { first = number; reason = error; done = 0; }
long writes_done(void) { return done; }

__attribute__((constructor)) static void begin(void) {
    const char *number = getenv("FAIL_FROM"), *error = getenv("FAIL_WITH");
    if (number) fail_from(atol(number), error ? atoi(error) : ENOSPC);
}

static int fails(void) {
    long number = ++done;
    if (!first || number < first) return 0;
    if (reason < 0) kill(getpid(), SIGKILL);
    errno = reason;
    return 1;
}

static int is_file(int fd) {
    struct stat found;
    return fd > 2 && !fstat(fd, &found) && S_ISREG(found.st_mode);
}

#define ORIGINAL(type, name, ...) \
    static type (*original)(__VA_ARGS__); \
    if (!original) original = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)
#define ON_FILE(type, name, fd, given, ...) \
    type name(__VA_ARGS__) { ORIGINAL(type, name, __VA_ARGS__); \
        return is_file(fd) && fails() ? -1 : original given; }
#define ON_NAME(name, given, ...) \
    int name(__VA_ARGS__) { ORIGINAL(int, name, __VA_ARGS__); return fails() ? -1 : original given; }

ON_FILE(ssize_t, write, f, (f, b, n), int f, const void *b, size_t n)
ON_FILE(ssize_t, writev, f, (f, v, n), int f, const struct iovec *v, int n)
ON_FILE(ssize_t, pwrite, f, (f, b, n, o), int f, const void *b, size_t n, off_t o)
ON_FILE(ssize_t, pwrite64, f, (f, b, n, o), int f, const void *b, size_t n, off64_t o)
ON_FILE(int, fsync, f, (f), int f)
ON_FILE(int, fdatasync, f, (f), int f)
ON_NAME(rename, (a, b), const char *a, const char *b)
ON_NAME(renameat, (d, a, e, b), int d, const char *a, int e, const char *b)
ON_NAME(renameat2, (d, a, e, b, f), int d, const char *a, int e, const char *b, unsigned f)
ON_NAME(link, (a, b), const char *a, const char *b)
ON_NAME(linkat, (d, a, e, b, f), int d, const char *a, int e, const char *b, int f)
ON_NAME(mkdir, (a, m), const char *a, mode_t m)

#define OPEN(name, given, ...) \
    int name(__VA_ARGS__, int flags, ...) { \
        va_list rest; va_start(rest, flags); int mode = va_arg(rest, int); va_end(rest); \
        static int (*original)(__VA_ARGS__, int, ...); \
        if (!original) original = dlsym(RTLD_NEXT, #name); \
        return flags & O_CREAT && fails() ? -1 : original given; }

OPEN(open, (p, flags, mode), const char *p)
OPEN(open64, (p, flags, mode), const char *p)
OPEN(openat, (d, p, flags, mode), int d, const char *p)
OPEN(openat64, (d, p, flags, mode), int d, const char *p)
