/** 0: all done. 1: something needs the user. 2: the command line makes no sense. */
export type ExitCode = 0 | 1 | 2;
