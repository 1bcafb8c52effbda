// Stands in for the runtime of an AppImage in test builds: unpacks the files behind itself into a temporary folder, runs
// the application from there, and removes them.
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int run(char *const command[]) {
  int status = 0;
  const pid_t child = fork();
  if (child == 0) {
    execvp(command[0], command);
    _exit(127);
  }
  if (child < 0 || waitpid(child, &status, 0) < 0) return 126;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int count, char **arguments) {
  char self[PATH_MAX] = {0}, folder[] = "/var/tmp/firn-appimage-XXXXXX", start[PATH_MAX];
  if (readlink("/proc/self/exe", self, sizeof self - 1) < 0) return 126;
  if (count > 1 && strcmp(arguments[1], "--appimage-offset") == 0) return puts(OFFSET) < 0;
  const int only_extract = count > 1 && strcmp(arguments[1], "--appimage-extract") == 0;
  char *target = only_extract ? "squashfs-root" : mkdtemp(folder);
  if (!target) return 126;
  char *unpack[] = {"unsquashfs", "-q", "-n", "-f", "-o", OFFSET, "-d", target, self, NULL};
  const int unpacked = run(unpack);
  if (unpacked != 0 || only_extract) return unpacked;
  setenv("APPIMAGE", self, 1);
  setenv("APPDIR", target, 1);
  snprintf(start, sizeof start, "%s/AppRun", target);
  arguments[0] = start;
  const int ended = run(arguments);
  char *remove[] = {"rm", "-rf", target, NULL};
  run(remove);
  return ended;
}
