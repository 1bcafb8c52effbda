import type { AccountId } from '../../shared/account.ts';
import { writeDescription } from '../../shared/description.ts';
import { type Failure, whyUnavailable } from '../../shared/failure.ts';
import {
  MIN_PART_SIZE,
  PART_SIZES,
  choosePartSize,
  partSizeForLine,
  partCount,
  partSizeProblem,
  requestCount,
} from '../../shared/part-plan.ts';
import type { EnqueuedUploads, LeftOut, Preview } from '../../shared/selection.ts';
import type { UploadId } from '../../shared/upload.ts';
import { type AddingPorts, type Standing, isQueued, standingOf } from './adding.ts';
import { volumeOf } from '../files/volumes.ts';
import type { FoundFile, PathFilter, SourceFile, SourceFiles } from '../core/ports.ts';
import type { NewUpload, UploadQueue } from '../core/store-ports.ts';

export type EnqueuePorts = AddingPorts & {
  uploads: UploadQueue;
  files: SourceFiles;
  /** Where drives that come and go are mounted now. */
  volumes: () => Promise<readonly string[]>;
  /** Whether the vault takes nothing any more: it is being emptied. */
  isClosed: (place: Pick<Choice, 'accountId' | 'vault'>) => boolean;
  /** Cancels an upload in whose place its file is sent as it is now. */
  giveUp: (id: UploadId) => Promise<unknown>;
};

export type Choice = {
  accountId: AccountId;
  vault: string;
  /** Null: the smallest from `preferredPartSize` up that fits each file. */
  partSize: number | null;
  preferredPartSize: number;
  /** Upload also what the catalogue or the queue already has. */
  again: boolean;
  /** Which files below the paths; none for all. */
  filter?: PathFilter;
};

/** Few enough that the window stays responsive between two batches, many enough that commits cost little. */
const BATCH = 200;
const SHOWN_LEFT_OUT = 100;

type Planned =
  | { kind: 'added'; source: FoundFile; partSize: number; standing: Added }
  | { kind: 'already-there' }
  | ({ kind: 'left-out' } & LeftOut);

/** A standing that lets the file be sent. */
type Added = Exclude<Standing, { kind: 'already-there' }>;

/** What would be uploaded; nothing is queued. */
export async function preview(
  paths: readonly string[],
  choice: Choice,
  ports: EnqueuePorts,
  signal: AbortSignal,
): Promise<Preview> {
  const sum = new PreviewSum();
  for await (const planned of plan(paths, choice, ports, signal)) {
    if (planned.kind === 'left-out') sum.left.add(planned);
    else if (planned.kind === 'already-there') sum.alreadyThere += 1;
    else sum.add(planned);
  }
  return sum.preview();
}

/** Puts the files into the queue, batch after batch; what is written stays, also when the rest fails. */
export async function enqueue(
  paths: readonly string[],
  choice: Choice,
  ports: EnqueuePorts,
  signal: AbortSignal,
): Promise<EnqueuedUploads> {
  const adding = new Enqueueing(choice, ports, await ports.volumes());
  for await (const planned of plan(paths, choice, ports, signal)) {
    if (planned.kind === 'left-out') adding.left.add(planned);
    else if (planned.kind === 'already-there') adding.alreadyThere += 1;
    else await adding.take(planned);
    if (adding.stopped !== null) break;
  }
  await adding.flush();
  return adding.enqueued();
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
  for await (const found of ports.files.walk(paths, signal, choice.filter)) {
    if (!found.ok) {
      yield leftOut(found.failure.path, found.failure.failure);
      continue;
    }
    // The same file may be chosen by itself and with its folder.
    if (seen.has(found.value.path)) continue;
    seen.add(found.value.path);
    yield await planOne(found.value, choice, ports, signal);
  }
}

async function planOne(source: FoundFile, choice: Choice, ports: EnqueuePorts, signal: AbortSignal): Promise<Planned> {
  const preferred = partSizeForLine(choice.preferredPartSize, ports.uploads.lineRate());
  const partSize = choice.partSize ?? choosePartSize(source.identity.size, preferred);
  const failure = sizeFailure(source, partSize);
  if (failure) return leftOut(source.path, failure);
  const standing = await standingOf(source, choice, ports, signal);
  if (!standing.ok) return leftOut(source.path, standing.failure);
  if (standing.value.kind === 'already-there') return standing.value;
  return { kind: 'added', source, partSize, standing: standing.value };
}

function leftOut(path: string, failure: Failure): Planned {
  return { kind: 'left-out', path, failure: whileAdding(failure) };
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

/** While adding, nothing is waited for: a missing file is a wrong name, and what cannot be read is left out. */
function whileAdding(failure: Failure): Failure {
  switch (failure.kind) {
    case 'source-missing':
      return { kind: 'not-found', what: failure.path };
    case 'file-unavailable':
      return { kind: 'file-unreadable', path: failure.path, cause: 'other', detail: whyUnavailable(failure.cause) };
    default:
      return failure;
  }
}

function toNewUpload(
  { path, identity }: SourceFile,
  drive: string,
  partSize: number,
  { accountId, vault }: Choice,
): NewUpload {
  const modifiedAt = Number(BigInt(identity.modifiedNs) / 1_000_000n);
  const source = { path, drive, identity };
  return { accountId, vault, source, partSize, description: writeDescription({ path, modifiedAt }) };
}

type Counted = Extract<Planned, { kind: 'added' }>;

class PreviewSum {
  readonly left = new LeftOuts();
  alreadyThere = 0;
  readonly #partSizes = new Map<number, number>();
  readonly #sum = { files: 0, bytes: 0, parts: 0, requests: 0, beside: 0, instead: 0, placeholders: 0 };
  #largest: Preview['largest'] = null;

  add({ source: { path, identity, isPlaceholder }, partSize, standing }: Counted): void {
    const { size } = identity;
    const sum = this.#sum;
    sum.files += 1;
    sum.bytes += size;
    sum.parts += partCount(size, partSize);
    sum.requests += requestCount(size, partSize);
    if (standing.kind !== 'new') sum[standing.kind] += 1;
    if (isPlaceholder) sum.placeholders += 1;
    this.#partSizes.set(partSize, (this.#partSizes.get(partSize) ?? 0) + 1);
    if (size > (this.#largest?.size ?? 0)) this.#largest = { path, size, partSize };
  }

  preview(): Preview {
    const partSizes = [...this.#partSizes].map(([partSize, files]) => ({ partSize, files }));
    return {
      ...this.#sum,
      partSizes: partSizes.sort((a, b) => a.partSize - b.partSize),
      largest: this.#largest,
      alreadyThere: this.alreadyThere,
      leftOut: this.left.shown,
      leftOutCount: this.left.count,
    };
  }
}

/** Files on their way into the queue, in batches. */
class Enqueueing {
  readonly left = new LeftOuts();
  alreadyThere = 0;
  /** Why nothing more is taken. */
  stopped: Failure | null = null;
  readonly #choice: Choice;
  readonly #ports: EnqueuePorts;
  readonly #volumes: readonly string[];
  readonly #sum = { added: 0, bytes: 0, beside: 0, instead: 0, placeholders: 0 };
  #batch: Counted[] = [];

  constructor(choice: Choice, ports: EnqueuePorts, volumes: readonly string[]) {
    this.#choice = choice;
    this.#ports = ports;
    this.#volumes = volumes;
  }

  async take(planned: Counted): Promise<void> {
    if (this.#batch.push(planned) >= BATCH) await this.flush();
  }

  async flush(): Promise<void> {
    const { uploads, clock, giveUp } = this.#ports;
    const batch = new Map(this.#batch.map((planned) => [this.#toNewUpload(planned), planned]));
    this.#batch = [];
    const added: Counted[] = [];
    uploads.add([...batch.keys()], clock.now(), (upload) => {
      const planned = this.#accepts(upload) ? batch.get(upload) : undefined;
      if (planned) added.push(planned);
      return planned !== undefined;
    });
    for (const planned of added) this.#count(planned);
    for (const { standing } of added) {
      if (standing.kind === 'instead') for (const id of standing.of) await giveUp(id);
    }
  }

  #toNewUpload({ source, partSize }: Counted): NewUpload {
    return toNewUpload(source, volumeOf(source.path, this.#volumes), partSize, this.#choice);
  }

  enqueued(): EnqueuedUploads {
    const { alreadyThere, stopped, left } = this;
    return {
      ...this.#sum,
      alreadyThere,
      stopped,
      leftOut: left.shown,
      leftOutCount: left.count,
      noFiles: left.noFiles,
    };
  }

  /** Inside the transaction that queues: much may have happened while the batch was gathered. */
  #accepts({ source }: NewUpload): boolean {
    if (this.#ports.isClosed(this.#choice)) {
      this.stopped = { kind: 'vault-being-emptied', vault: this.#choice.vault };
      return false;
    }
    const isThere = !this.#choice.again && isQueued(source, this.#choice, this.#ports);
    if (isThere) this.alreadyThere += 1;
    return !isThere;
  }

  #count({ source, standing }: Counted): void {
    const sum = this.#sum;
    sum.added += 1;
    sum.bytes += source.identity.size;
    if (standing.kind !== 'new') sum[standing.kind] += 1;
    if (source.isPlaceholder) sum.placeholders += 1;
  }
}

class LeftOuts {
  readonly shown: LeftOut[] = [];
  count = 0;
  noFiles = 0;

  add({ path, failure }: LeftOut): void {
    this.count += 1;
    if (failure.kind === 'not-a-file') this.noFiles += 1;
    if (this.shown.length < SHOWN_LEFT_OUT) this.shown.push({ path, failure });
  }
}
