// Keeps a file to itself, as an editor or a virus scanner of Windows may, until another file is gone:
// hold-file.exe FILE UNTIL-GONE. Prints a line when it has it.
#include <stdio.h>
#include <windows.h>

int main(int count, char **arguments) {
  if (count != 3) return 2;
  const HANDLE file = CreateFileA(arguments[1], GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
  if (file == INVALID_HANDLE_VALUE) return 1;
  puts("held");
  fflush(stdout);
  while (GetFileAttributesA(arguments[2]) != INVALID_FILE_ATTRIBUTES) Sleep(50);
  CloseHandle(file);
  return 0;
}
