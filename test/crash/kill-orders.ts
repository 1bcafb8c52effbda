import { SECOND } from '../../shared/units.ts';
import type { SeededRandom } from './random.ts';

/**
 * When a life of Firn shall end: at the n-th occurrence of any of these named points, at the n-th point whatever its
 * name, and at the latest `afterMs` after its start.
 */
export type KillOrders = { at: Record<string, number>; anyNth: number | null; afterMs: number };

export const NEVER: KillOrders = { at: {}, anyNth: null, afterMs: 2 ** 31 - 1 };

/** To be killed at this point, where all are sure to get; the rest is for the case that one does not. */
export function until(point: string): KillOrders {
  return { at: { [point]: 1 }, anyNth: null, afterMs: 30 * SECOND };
}

const requests = [
  ...['InitiateMultipartUpload', 'UploadMultipartPart', 'CompleteMultipartUpload', 'AbortMultipartUpload'],
  ...['ListParts', 'ListMultipartUploads', 'DescribeVault', 'InitiateJob', 'DescribeJob', 'GetJobOutput'],
];
/** Commits of what the queue does by itself. */
const commits = [
  ...['initiate-asked', 'strays-swept', 'multipart-initiated', 'part', 'parts-uploaded', 'completed'],
  ...['forgotten parts', 'completion-rejected', 'multipart-lost', 'attempt-failed', 'recovered'],
  ...[
    'inventory job',
    'forgotten inventory job',
    'found-in-inventory',
    'absent-from-inventory',
    'aborted',
    'found-in-journal',
  ],
];
/** Commits of what only a command does. */
const commands = ['migration', 'account', 'added uploads', 'cancelled', 'resumed'];

const around = (commit: string): string[] => [`before commit of ${commit}`, `after commit of ${commit}`];
const asking = (operation: string): string[] => [`before ${operation}`, `after ${operation} answered`];
const doing = (what: string): string[] => [`before ${what}`, `after ${what}`];

const runningPoints = [
  ...requests.flatMap(asking),
  'within UploadMultipartPart',
  ...doing('a line of the journal'),
  ...commits.flatMap(around),
];
const retrievalEvents = [
  ...['asked', 'requested', 'ready', 'downloaded', 'path-chosen', 'in-place', 'attempt-failed', 'recovered'],
];
const inventorySteps = [
  ...['wanted', 'asked', 'requested', 'request-settled', 'ready', 'received', 'downloaded', 'compared'],
  ...['reconciled', 'attempt-failed', 'recovered'],
];
const emptyingEvents = [
  ...['inventory-wanted', 'inventory-unusable', 'listed', 'worked-off', 'found-empty', 'vault-deleted'],
  ...['still-listed', 'rejected', 'widened', 'attempt-failed', 'recovered', 'resumed'],
];

export const points = {
  /** All that a marathon of the command line meets. */
  command: [...commands.flatMap(around), ...runningPoints],
  desktop: runningPoints,
  /** All that a marathon of the way back meets. */
  back: [
    ...['InitiateJob', 'DescribeJob', 'ListJobs', 'GetJobOutput'].flatMap(asking),
    'within GetJobOutput',
    ...['bytes are on disk', 'link of a file', 'unlink of a file', 'utimes of a file'].flatMap(doing),
    ...['added retrievals', 'temporary file', 'verified range'].flatMap(around),
    ...retrievalEvents.flatMap((event) => around(`retrieval: ${event}`)),
  ],
  /** All that inventories and the emptying of vaults meet. */
  vaults: [
    ...['InitiateJob', 'DescribeJob', 'ListJobs', 'GetJobOutput'].flatMap(asking),
    'within GetJobOutput',
    ...['DeleteArchive', 'DescribeVault', 'DeleteVault'].flatMap(asking),
    ...['bytes are on disk', 'rm of a file', 'a line of the journal'].flatMap(doing),
    ...inventorySteps.flatMap((step) => around(`inventory: ${step}`)),
    ...['missing archives', 'added chores', 'deleted archives'].flatMap(around),
    ...emptyingEvents.flatMap((event) => around(`emptying: ${event}`)),
  ],
};

/** After these a request's fate is unknown, and Firn waits for a minute before it asks again. */
export const doubtful = ['before InitiateJob', 'after commit of inventory: asked'];

/** The very first lives: what is done only once is killed once at each of its points. */
const opening = ['migration', 'account', 'added uploads'].flatMap(around);

/** Chooses how each life ends, so that rare points come as often as they can, and counts what was hit. */
export class Executioner {
  readonly hits = new Map<string, number>();
  /** Whether the life at hand has to begin at the very beginning: with adding files. */
  isOpening = false;
  readonly #random: SeededRandom;
  readonly #points: readonly string[];
  readonly #afterMs: readonly [least: number, most: number];
  #opening: string[];

  /** `afterMs`: between which ages a life is killed at a random instant. `spared`: points that are not aimed at. */
  constructor(
    random: SeededRandom,
    kind: keyof typeof points,
    afterMs: readonly [number, number],
    spared: readonly string[] = [],
  ) {
    this.#random = random;
    this.#points = points[kind].filter((point) => !spared.includes(point));
    this.#afterMs = afterMs;
    this.#opening = kind === 'command' ? [...opening] : [];
    for (const point of this.#points) this.hits.set(point, 0);
  }

  next(): KillOrders {
    const first = this.#opening.shift();
    this.isOpening = first !== undefined;
    if (first !== undefined) return until(first);
    const random = this.#random;
    const [least, most] = this.#afterMs;
    const kind = random.next();
    if (kind < 0.2) return { ...NEVER, afterMs: random.between(least, most) };
    const inTheEnd = { ...NEVER, afterMs: most };
    if (kind < 0.35) return { ...inTheEnd, anyNth: Math.floor(2 ** (random.next() * 7)) };
    return { ...inTheEnd, at: this.#chosen() };
  }

  count(killedAt: string): void {
    this.hits.set(killedAt, (this.hits.get(killedAt) ?? 0) + 1);
  }

  /** Named points that no life has ended at. */
  missed(): string[] {
    return this.#points.filter((point) => this.hits.get(point) === 0);
  }

  /** Those of the points that were hit least, and a few others, so that hardly any life waits for what does not come. */
  #chosen(): Record<string, number> {
    const random = this.#random;
    const missed = this.missed();
    // The last few are hit only when nothing else ends the life before.
    if (missed.length > 0 && missed.length < this.#points.length / 6 && random.chance(0.4)) {
      return Object.fromEntries(missed.map((point) => [point, 1]));
    }
    const rarest = this.#points
      .map((point) => ({ point, rank: (this.hits.get(point) ?? 0) + random.next() * 2 }))
      .sort((a, b) => a.rank - b.rank)
      .slice(0, Math.ceil(this.#points.length / 3))
      .map(({ point }) => [point, random.chance(0.7) ? 1 : random.between(2, 5)] as const);
    const others = Array.from({ length: 4 }, () => [random.pick(this.#points), random.between(1, 8)] as const);
    return Object.fromEntries([...others, ...rarest]);
  }
}
