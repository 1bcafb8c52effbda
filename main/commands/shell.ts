/** What only the desktop can do. */
export type Shell = {
  version: string;
  /** Asks the user for files or for a folder; empty when the user thought better of it. */
  choosePaths(what: 'files' | 'folder'): Promise<string[]>;
  /** The folder where files are now that were elsewhere before; null when the user chooses none. */
  chooseMoved(path: string): Promise<string | null>;
  /** Asks the user for the folder that retrieved files go to; null when the user thought better of it. */
  chooseTarget(): Promise<string | null>;
  /** Asks where a new file shall go; null when the user thought better of it. */
  chooseNewFile(suggestion: string): Promise<string | null>;
  /** Asks for a file that tells of archives. */
  chooseFileToImport(): Promise<string | null>;
  copy(text: string): void;
  reveal(path: string): void;
};
