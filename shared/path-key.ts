/**
 * By what a path is looked for: the same for all spellings that any file system may take for one, so for names in NFC and
 * NFD, in capitals and small letters, and for either separator of Windows. `isSamePath` has the last word.
 */
export function pathKey(path: string): string {
  return withoutSpelling(path).toLowerCase();
}

/** Whether both paths are the same file's. `foldsCase`: whether names of this system differ by more than case. */
export function isSamePath(a: string, b: string, foldsCase: boolean): boolean {
  if (foldsCase || (isOfWindows(a) && isOfWindows(b))) return pathKey(a) === pathKey(b);
  return withoutSpelling(a) === withoutSpelling(b);
}

/** The path with slashes only, if it is one of Windows: descriptions of archives write them so. */
export function slashed(path: string): string {
  if (!isOfWindows(path)) return path;
  return path
    .replaceAll('\\', '/')
    .replace(/^\/\/\?\/UNC\//i, '//')
    .replace(/^\/\/\?\//, '');
}

function withoutSpelling(path: string): string {
  return slashed(path).normalize('NFC');
}

/** With a drive letter, or of another computer. */
function isOfWindows(path: string): boolean {
  return /^([a-z]:[\\/]|[\\/]{2})/i.test(path);
}
