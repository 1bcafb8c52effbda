/*
 * Makes a folder behave as odd file systems do, for a program that is started with LD_PRELOAD. Linux only.
 *
 *   ODD_PATH   the folder; nothing outside of it is touched
 *   ODD_WHILE  the modes of reading hold only while this file exists; always when it is not set
 *   ODD        modes, separated by commas:
 *     eio, etimedout, edeadlk   reading gives this error (a drive unplugged, a share gone, a file only in the cloud)
 *     hang                      reading never comes back (a drive that died); told on standard error when it begins
 *     ebusy                     opening gives this error (locked by another program)
 *     grow                      the first reading of the first file appends a byte to it
 *     utimes                    setting times gives EPERM (Samba, mounted for another owner)
 *     fsyncdir                  fsync of a folder gives EINVAL (CIFS)
 *     fat                       the drive says that it is FAT, which takes no file of 4 GiB
 *     name143                   names of more than 143 bytes give ENAMETOOLONG (eCryptfs)
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <unistd.h>

/* The function of the C library that this file stands before. */
#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int has_mode(const char *mode) {
  const char *modes = getenv("ODD");
  size_t length = strlen(mode);
  for (const char *at = modes; at; at = strchr(at, ',')) {
    if (*at == ',') at += 1;
    if (strncmp(at, mode, length) == 0 && (at[length] == 0 || at[length] == ',')) return 1;
  }
  return 0;
}

static int is_inside(const char *path) {
  const char *folder = getenv("ODD_PATH");
  size_t length = folder ? strlen(folder) : 0;
  return length > 0 && strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == 0);
}

/* The path of an open file; 0 when it is not inside the folder. */
static int path_inside(int file, char path[4096]) {
  char name[64];
  snprintf(name, sizeof name, "/proc/self/fd/%d", file);
  ssize_t length = readlink(name, path, 4095);
  if (length < 0) return 0;
  path[length] = 0;
  return is_inside(path);
}

static int is_time(void) {
  const char *file = getenv("ODD_WHILE");
  return !file || access(file, F_OK) == 0;
}

static int fail_with(int error) {
  errno = error;
  return -1;
}

static void grow_once(const char *path) {
  static int is_done;
  if (is_done++ || !has_mode("grow")) return;
  int file = REAL(open)(path, O_WRONLY | O_APPEND);
  if (file < 0) return;
  if (write(file, "+", 1) < 0) perror("odd-fs");
  close(file);
}

/* The error that reading this file gives now; 0 when it is read. */
static int reading_error(int file) {
  char path[4096];
  if (!path_inside(file, path)) return 0;
  if (!is_time()) return 0;
  grow_once(path);
  if (has_mode("hang")) {
    fputs("odd-fs: hangs\n", stderr);
    while (is_time()) pause();
  }
  if (has_mode("eio")) return EIO;
  if (has_mode("etimedout")) return ETIMEDOUT;
  if (has_mode("edeadlk")) return EDEADLK;
  return 0;
}

static int opening_error(const char *path) {
  if (!is_inside(path)) return 0;
  const char *slash = strrchr(path, '/');
  if (has_mode("name143") && strlen(slash ? slash + 1 : path) > 143) return ENAMETOOLONG;
  struct stat file;
  if (has_mode("ebusy") && is_time() && stat(path, &file) == 0 && S_ISREG(file.st_mode)) return EBUSY;
  return 0;
}

/* `MSDOS_SUPER_MAGIC` */
#define FAT 0x4d44

int statfs(const char *path, struct statfs *what) {
  int result = REAL(statfs)(path, what);
  if (result == 0 && has_mode("fat") && is_inside(path)) what->f_type = FAT;
  return result;
}

int statfs64(const char *path, struct statfs64 *what) {
  int result = REAL(statfs64)(path, what);
  if (result == 0 && has_mode("fat") && is_inside(path)) what->f_type = FAT;
  return result;
}

int fsync(int file) {
  char path[4096];
  struct stat what;
  int is_odd = has_mode("fsyncdir") && path_inside(file, path) && fstat(file, &what) == 0 && S_ISDIR(what.st_mode);
  return is_odd ? fail_with(EINVAL) : REAL(fsync)(file);
}

int utimensat(int folder, const char *path, const struct timespec times[2], int flags) {
  if (has_mode("utimes") && is_inside(path)) return fail_with(EPERM);
  return REAL(utimensat)(folder, path, times, flags);
}

int futimens(int file, const struct timespec times[2]) {
  char path[4096];
  if (has_mode("utimes") && path_inside(file, path)) return fail_with(EPERM);
  return REAL(futimens)(file, times);
}

ssize_t read(int file, void *buffer, size_t size) {
  int error = reading_error(file);
  return error ? fail_with(error) : REAL(read)(file, buffer, size);
}

ssize_t pread(int file, void *buffer, size_t size, off_t offset) {
  int error = reading_error(file);
  return error ? fail_with(error) : REAL(pread)(file, buffer, size, offset);
}

ssize_t pread64(int file, void *buffer, size_t size, off64_t offset) {
  int error = reading_error(file);
  return error ? fail_with(error) : REAL(pread64)(file, buffer, size, offset);
}

int open(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = va_arg(rest, mode_t);
  va_end(rest);
  int error = opening_error(path);
  return error ? fail_with(error) : REAL(open)(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = va_arg(rest, mode_t);
  va_end(rest);
  int error = opening_error(path);
  return error ? fail_with(error) : REAL(open64)(path, flags, mode);
}
