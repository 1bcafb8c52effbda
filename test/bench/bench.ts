/** What a benchmark may use. */
export type Context = {
  /** An empty folder of its own; removed afterwards. */
  folder: string;
  /** A short look: fewer runs and smaller sizes, figures that are not to be quoted. */
  quick: boolean;
  /** Tells the person who waits what is being done. */
  say: (text: string) => void;
};

/** A group of measurements. `name`: what it is asked for by on the command line. */
export type Bench = { name: string; about: string; run: (context: Context) => Promise<Row[]> };

/** One line of the result. */
export type Row = {
  what: string;
  value: string;
  note: string;
  /** For rows that Firn must hold; they are printed first. */
  check?: Check;
};

/** `measured` and its bound in the same unit; null when it could not be measured here. */
export type Check = { measured: number | null; atLeast: number } | { measured: number | null; atMost: number };

/** Null when nothing was measured. */
export function holds(check: Check): boolean | null {
  if (check.measured === null) return null;
  return 'atLeast' in check ? check.measured >= check.atLeast : check.measured <= check.atMost;
}
