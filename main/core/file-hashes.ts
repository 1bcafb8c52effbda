import { type Result, fail, ok } from '../../shared/result.ts';
import type { TreeHash } from '../../shared/upload.ts';
import { hashWhole } from './hash-file.ts';
import type { SourceFile, SourceFiles } from './ports.ts';
import { identityChange } from './source-identity.ts';

/** Preview and adding ask for the same files; more than this many are not remembered in between. */
const REMEMBERED = 10_000;

/** The tree hashes of local files, each read once for a state of the file. */
export class FileHashes {
  readonly #files: Pick<SourceFiles, 'identify' | 'hashRange'>;
  readonly #known = new Map<string, TreeHash>();
  readonly #onHashed: (source: SourceFile, bytes: number) => void;

  /** `onHashed` hears how many bytes of a file have been read, from none to all. */
  constructor(
    files: Pick<SourceFiles, 'identify' | 'hashRange'>,
    onHashed: (source: SourceFile, bytes: number) => void = () => undefined,
  ) {
    this.#files = files;
    this.#onHashed = onHashed;
  }

  /** `file-changed` when it is no longer what it was, or was written to meanwhile. @throws the signal's reason when it is aborted. */
  async of(source: SourceFile, signal: AbortSignal): Promise<Result<TreeHash>> {
    const key = JSON.stringify(source);
    const known = this.#known.get(key);
    if (known !== undefined) return ok(known);
    const hash = await this.#read(source, signal);
    if (!hash.ok) return hash;
    if (this.#known.size >= REMEMBERED) this.#known.clear();
    this.#known.set(key, hash.value);
    return hash;
  }

  async #read(source: SourceFile, signal: AbortSignal): Promise<Result<TreeHash>> {
    const { path, identity } = source;
    const onHashed = (bytes: number): void => {
      this.#onHashed(source, bytes);
    };
    onHashed(0);
    const hash = await hashWhole(path, identity.size, { files: this.#files, signal, onHashed });
    if (!hash.ok) return hash;
    const now = await this.#files.identify(path);
    if (!now.ok) return now;
    const what = identityChange(identity, now.value);
    return what === null ? hash : fail({ kind: 'file-changed', path, what: `${what} while Firn read it` });
  }
}
