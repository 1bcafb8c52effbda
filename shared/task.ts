/**
 * Names a task for good, also outside of the database: in the journal of archives, in descriptions of jobs, in names of
 * files. A UUID of version 7, so it is never given twice, not even after the database came back from a backup, and new ones
 * stand beside each other in an index.
 */
export type TaskId = string & { readonly __brand: 'TaskId' };
