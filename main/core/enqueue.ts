import type { AccountId } from '../../shared/account.ts';
import { writeDescription } from '../../shared/description.ts';
import type { Failure } from '../../shared/failure.ts';
import {
  MIN_PART_SIZE,
  PART_SIZES,
  choosePartSize,
  partCount,
  partSizeProblem,
  requestCount,
} from '../../shared/part-plan.ts';
import type { Enqueued, LeftOut, Preview } from '../../shared/selection.ts';
import type { Clock, SourceFile, SourceFiles } from './ports.ts';
import type { ArchiveCatalogue, NewUpload, UploadQueue } from './store-ports.ts';

export type EnqueuePorts = {
  uploads: UploadQueue;
  catalogue: ArchiveCatalogue;
  files: SourceFiles;
  clock: Pick<Clock, 'now'>;
};

export type Choice = {
  accountId: AccountId;
  vault: string;
  /** Null: the smallest from `preferredPartSize` up that fits each file. */
  partSize: number | null;
  preferredPartSize: number;
  /** Upload also what the catalogue or the queue already has. */
  again: boolean;
};

/** Few enough that the window stays responsive between two batches, many enough that commits cost little. */
const BATCH = 200;
const SHOWN_LEFT_OUT = 100;

type Planned =
  | { kind: 'new'; source: SourceFile; partSize: number }
  | { kind: 'already-there'; source: SourceFile }
  | ({ kind: 'left-out' } & LeftOut);

/** What would be uploaded; nothing is written. */
export async function preview(
  paths: readonly string[],
  choice: Choice,
  ports: EnqueuePorts,
  signal: AbortSignal,
): Promise<Preview> {
  const counts = new Map<number, number>();
  const left = new LeftOuts();
  const sum: Preview = {
    files: 0,
    bytes: 0,
    partSizes: [],
    parts: 0,
    requests: 0,
    largest: null,
    alreadyThere: 0,
    leftOut: left.shown,
    leftOutCount: 0,
  };
  for await (const planned of plan(paths, choice, ports, signal)) {
    if (planned.kind === 'left-out') left.add(planned);
    else if (planned.kind === 'already-there') sum.alreadyThere += 1;
    else {
      const { partSize, source } = planned;
      const { size } = source.identity;
      sum.files += 1;
      sum.bytes += size;
      sum.parts += partCount(size, partSize);
      sum.requests += requestCount(size, partSize);
      counts.set(partSize, (counts.get(partSize) ?? 0) + 1);
      if (size > (sum.largest?.size ?? 0)) sum.largest = { path: source.path, size, partSize };
    }
  }
  sum.partSizes = [...counts].map(([partSize, files]) => ({ partSize, files })).sort((a, b) => a.partSize - b.partSize);
  return { ...sum, leftOutCount: left.count };
}

/** Puts the files into the queue, batch after batch; what is written stays, also when the rest fails. */
export async function enqueue(
  paths: readonly string[],
  choice: Choice,
  ports: EnqueuePorts,
  signal: AbortSignal,
): Promise<Enqueued> {
  const { uploads, clock } = ports;
  const left = new LeftOuts();
  const done: Enqueued = { added: 0, bytes: 0, alreadyThere: 0, leftOut: left.shown, leftOutCount: 0 };
  let batch: NewUpload[] = [];
  const flush = (): void => {
    // Somebody else may have added the same files while this batch was gathered.
    const fresh = batch.filter(({ source }) => !isThere(source, choice, ports));
    uploads.add(fresh, clock.now());
    done.added += fresh.length;
    done.bytes += fresh.reduce((sum, { source }) => sum + source.identity.size, 0);
    done.alreadyThere += batch.length - fresh.length;
    batch = [];
  };
  for await (const planned of plan(paths, choice, ports, signal)) {
    if (planned.kind === 'left-out') left.add(planned);
    else if (planned.kind === 'already-there') done.alreadyThere += 1;
    else {
      batch.push(toNewUpload(planned.source, planned.partSize, choice));
      if (batch.length >= BATCH) flush();
    }
  }
  flush();
  return { ...done, leftOutCount: left.count };
}

/** Why parts of this size can be used for nothing at all; null when they can. */
export function partSizeFailure(partSize: number | null): Failure | null {
  return partSize === null || PART_SIZES.includes(partSize) ? null : { kind: 'part-size-invalid', partSize };
}

async function* plan(
  paths: readonly string[],
  choice: Choice,
  ports: EnqueuePorts,
  signal: AbortSignal,
): AsyncGenerator<Planned> {
  const seen = new Set<string>();
  for await (const found of ports.files.walk(paths, signal)) {
    if (!found.ok) {
      yield { kind: 'left-out', path: found.failure.path, failure: whileAdding(found.failure.failure) };
      continue;
    }
    const source = found.value;
    // The same file may be chosen by itself and with its folder.
    if (seen.has(source.path)) continue;
    seen.add(source.path);
    const partSize = choice.partSize ?? choosePartSize(source.identity.size, choice.preferredPartSize);
    const failure = sizeFailure(source, partSize);
    if (failure) yield { kind: 'left-out', path: source.path, failure };
    else if (isThere(source, choice, ports)) yield { kind: 'already-there', source };
    else yield { kind: 'new', source, partSize };
  }
}

function isThere(
  source: SourceFile,
  { accountId, vault, again }: Choice,
  { uploads, catalogue }: EnqueuePorts,
): boolean {
  if (again) return false;
  return uploads.isQueued(accountId, vault, source.path) || catalogue.hasFile(accountId, vault, source);
}

function sizeFailure({ path, identity: { size } }: SourceFile, partSize: number): Failure | null {
  switch (partSizeProblem(size, partSize)) {
    case null:
      return null;
    case 'archive-empty':
      return { kind: 'file-empty', path };
    case 'archive-too-large':
      return { kind: 'archive-too-large', size };
    case 'not-a-power-of-two':
      return { kind: 'part-size-invalid', partSize };
    case 'too-many-parts':
      return { kind: 'too-many-parts', size, partSize, smallestPartSize: choosePartSize(size, MIN_PART_SIZE) };
  }
}

/** While adding, a missing file is a wrong name rather than a drive that will be back. */
function whileAdding(failure: Failure): Failure {
  return failure.kind === 'source-missing' ? { kind: 'not-found', what: failure.path } : failure;
}

function toNewUpload(source: SourceFile, partSize: number, { accountId, vault }: Choice): NewUpload {
  const modifiedAt = Number(BigInt(source.identity.modifiedNs) / 1_000_000n);
  return { accountId, vault, source, partSize, description: writeDescription({ path: source.path, modifiedAt }) };
}

class LeftOuts {
  readonly shown: LeftOut[] = [];
  count = 0;

  add({ path, failure }: LeftOut): void {
    this.count += 1;
    if (this.shown.length < SHOWN_LEFT_OUT) this.shown.push({ path, failure });
  }
}
