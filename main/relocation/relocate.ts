import { isAbsolute, join } from 'node:path';
import { writeDescription } from '../../shared/description.ts';
import { printable } from '../../shared/failure.ts';
import type { Relocated } from '../../shared/relocation.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import type { UploadId } from '../../shared/upload.ts';
import { isQueued } from '../uploads/adding.ts';
import type { FileHashes } from '../core/file-hashes.ts';
import { isSameMoment, isSameOnAnotherClock } from '../core/file-time.ts';
import type { Clock, SourceFile, SourceFiles, SourceIdentity } from '../core/ports.ts';
import type { Runner } from '../engine/runner.ts';
import type { ArchivedFiles, Upload } from '../core/store-ports.ts';
import { volumeOf } from '../files/volumes.ts';
import { spelledBySystem } from '../files/walk.ts';
import type { CatalogueStore } from '../store/catalogue.ts';
import type { ArchiveRow } from '../store/archive-row.ts';
import type { FilePlaceStore } from '../store/file-places.ts';
import type { UploadStore } from '../store/uploads.ts';
import { commonMove, endsOf, movedPath } from './moved-path.ts';

export type RelocationPorts = {
  places: FilePlaceStore;
  uploads: UploadStore;
  catalogue: Pick<CatalogueStore, 'byId' | 'movePath'>;
  archived: ArchivedFiles;
  files: SourceFiles;
  hashes: FileHashes;
  runner: Pick<Runner, 'settle' | 'look'>;
  /** Where drives that come and go are mounted now. */
  volumes: () => Promise<readonly string[]>;
  clock: Pick<Clock, 'now'>;
  /** The catalogue tells other paths. */
  tellArchives: () => void;
};

/** Whoever does not want to stop it. */
const never = new AbortController().signal;

/**
 * Tells Firn that files are elsewhere now: uploads go on from there, catalogue and checks look there, and what is added
 * from there is known. Only what is proven to be the same file follows, by size and time, or by its hash.
 */
export class Relocation {
  readonly #ports: RelocationPorts;

  constructor(ports: RelocationPorts) {
    this.#ports = ports;
  }

  /** `from`: the file or folder as it was called; it need not be there any more. @throws when the signal is aborted. */
  async move(from: string, to: string, signal: AbortSignal = never): Promise<Result<Relocated>> {
    if (!isAbsolute(from) && !/^[a-z]:[\\/]/i.test(from)) {
      return fail({ kind: 'invalid-input', detail: 'Say the old place as a whole path, from its drive on.' });
    }
    const target = await spelledBySystem(to);
    if (!target.ok) return fail({ kind: 'not-found', what: to });
    const sum: Relocated = { uploads: 0, archives: 0, missing: 0, differing: 0, twice: 0 };
    const drive = volumeOf(target.value, await this.#ports.volumes());
    const move = { from, to: target.value, drive, foldsCase: this.#ports.files.foldsCase };
    for (const id of this.#ports.places.uploadsBelow(from)) {
      signal.throwIfAborted();
      const outcome = await this.#moveUpload(id, move, signal);
      if (outcome !== null) sum[outcome] += 1;
    }
    for (const id of this.#ports.places.archivesBelow(from)) {
      signal.throwIfAborted();
      const outcome = await this.#moveArchive(id, move, signal);
      if (outcome !== null) sum[outcome] += 1;
    }
    if (sum.archives > 0) this.#ports.tellArchives();
    this.#ports.runner.look();
    return ok(sum);
  }

  /** The same, when the file that was at `path` is in or below `chosen`, or that itself; all that moved with it follows. */
  async find(path: string, chosen: string, signal: AbortSignal = never): Promise<Result<Relocated>> {
    const { files } = this.#ports;
    for (const candidate of [chosen, ...endsOf(path).map((end) => join(chosen, end))]) {
      if (!(await files.identify(candidate)).ok) continue;
      const { from, to } = commonMove(path, candidate, files.foldsCase);
      return this.move(from, to, signal);
    }
    return fail({ kind: 'not-found', what: `A file of this name in ${printable(chosen)}` });
  }

  async #moveUpload(id: UploadId, move: Move, signal: AbortSignal): Promise<keyof Relocated | null> {
    const { uploads, runner, clock } = this.#ports;
    await runner.settle(id);
    const upload = uploads.get(id);
    const path = upload && movedPath(upload.path, move.from, move.to, move.foldsCase);
    if (!upload || path === null || path === upload.path) return null;
    const found = await this.#ports.files.identify(path);
    if (!found.ok) return 'missing';
    if (!(await this.#isFileOf(upload, { path, identity: found.value }, signal))) return 'differing';
    if (this.#isThere({ path, identity: found.value }, upload)) return 'twice';
    uploads.movePath(id, path, move.drive, descriptionOf(upload, path));
    const { hold } = uploads.get(id) ?? upload;
    if (hold?.kind === 'backoff' && hold.failure.kind === 'source-missing') {
      uploads.apply(id, { kind: 'resumed', at: clock.now() });
    }
    return 'uploads';
  }

  async #moveArchive(id: number, move: Move, signal: AbortSignal): Promise<keyof Relocated | null> {
    const row = this.#ports.catalogue.byId(id);
    const path = !row?.path ? null : movedPath(row.path, move.from, move.to, move.foldsCase);
    if (row === null || path === null || path === row.path) return null;
    const found = await this.#ports.files.identify(path);
    if (!found.ok) return 'missing';
    if (!(await this.#isFileOfArchive(row, path, found.value, signal))) return 'differing';
    this.#ports.catalogue.movePath(id, path);
    return 'archives';
  }

  /** By its time, or by what was sent of it. The upload compares all that was sent before it goes on. */
  async #isFileOf(upload: Upload, { path, identity }: SourceFile, signal: AbortSignal): Promise<boolean> {
    if (identity.size !== upload.identity.size) return false;
    if (isSameOnAnotherClock(identity.modifiedNs, upload.identity.modifiedNs)) return true;
    const parts = this.#ports.uploads.parts(upload.id);
    for (const part of parts) {
      const hash = await this.#ports.files.hashRange(path, part, signal);
      if (!hash.ok || hash.value !== part.treeHash) return false;
    }
    return parts.length > 0;
  }

  #isThere(source: SourceFile, { accountId, vault }: Upload): boolean {
    const archived = this.#ports.archived.of(accountId, vault, source);
    return (
      isQueued(source, { accountId, vault }, this.#ports) ||
      archived.some(({ times }) => times.some((time) => isSameMoment(time, source.identity.modifiedNs)))
    );
  }

  async #isFileOfArchive(
    { id, size, modified_ns, tree_hash }: ArchiveRow,
    path: string,
    identity: SourceIdentity,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { archived, hashes, clock } = this.#ports;
    if (identity.size !== size) return false;
    if (modified_ns !== null && isSameMoment(modified_ns, identity.modifiedNs)) return true;
    const hash = await hashes.of({ path, identity }, signal);
    if (!hash.ok || hash.value !== tree_hash) return false;
    archived.confirm(id, identity, clock.now());
    return true;
  }
}

/** One that was sent stays, because Glacier has it so. */
function descriptionOf({ phase, description, identity }: Upload, path: string): string {
  const isSent = phase.kind !== 'queued' || phase.initiateAskedAt !== null;
  const modifiedAt = Number(BigInt(identity.modifiedNs) / 1_000_000n);
  return isSent ? description : writeDescription({ path, modifiedAt });
}

/** `drive`: that the new place is on. */
type Move = { from: string; to: string; drive: string; foldsCase: boolean };
