/**
 * The check of archives against their local files. So many archives were chosen; so many were looked at, or are gone. The list
 * of those that wait is with its store.
 */
export type FileCheck = {
  total: number;
  checked: number;
  phase: { kind: 'checking' } | { kind: 'done' } | { kind: 'cancelled' };
};

/** Nothing is left to check. */
export type FileCheckEvent = { kind: 'worked-off' };
