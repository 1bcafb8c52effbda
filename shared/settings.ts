import type { PriceTable } from './prices.ts';
import type { RetrievalLimits } from './retrieval-limits.ts';
import type { CatalogueCopyPlace } from './catalogue-copy.ts';
import type { CpuUse } from './cpu-use.ts';
import type { Limits } from './schedule.ts';

/** What the user may choose; sizes in bytes. */
export type Settings = Limits & {
  /** All uploads wait; each keeps its own state. Survives restarts. */
  queuePaused: boolean;
  /** Files that are uploaded at the same time. */
  parallelUploads: number;
  /** Parts on the wire at the same time, over all uploads. */
  parallelParts: number;
  /** Files get the smallest part size from this one up that fits them. */
  partSize: number;
  retrievalLimits: RetrievalLimits;
  /** The user's own prices; null for Firn's. */
  prices: PriceTable | null;
  cpuUse: CpuUse;
  /** The computer does not go to sleep by itself while something is uploaded. */
  stayAwake: boolean;
  /** Quitting while something is uploaded is asked about first. */
  askBeforeQuit: boolean;
  theme: 'system' | 'light' | 'dark';
  /** The vault into which the catalogue itself is archived, about once a week when it has changed. */
  catalogueCopy: CatalogueCopyPlace;
};
