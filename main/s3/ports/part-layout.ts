import type { Failure } from '../../../shared/failure.ts';
import { type Result, fail, ok } from '../../../shared/result.ts';
import type { ArchiveId } from '../../../shared/upload.ts';
import { type StoredPart, objectAttributes } from '../attributes.ts';
import type { Client } from '../client.ts';
import { type ObjectName } from '../refs.ts';

/** Of so many archives the parts are remembered. */
const MOST_REMEMBERED = 100;

/** Which parts objects came in, with their checksums. Asked once for each object, as long as it is among the last that were. */
export class PartLayouts {
  readonly #client: Client;
  readonly #bucket: string;
  readonly #known = new Map<ArchiveId, readonly StoredPart[]>();

  constructor(client: Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  /** Ordered; none where the service tells none, or does not allow the question. */
  async of(archiveId: ArchiveId, object: ObjectName, signal: AbortSignal): Promise<Result<readonly StoredPart[]>> {
    const known = this.#known.get(archiveId);
    if (known) return ok(known);
    const parts = await this.#ask(object, signal);
    if (!parts.ok) return parts;
    const [oldest] = this.#known.keys();
    if (oldest !== undefined && this.#known.size >= MOST_REMEMBERED) this.#known.delete(oldest);
    this.#known.set(archiveId, parts.value);
    return parts;
  }

  async #ask(object: ObjectName, signal: AbortSignal): Promise<Result<readonly StoredPart[]>> {
    if (!this.#client.provider.confirmsChecksums) return ok([]);
    const found = await objectAttributes(this.#client, { bucket: this.#bucket, object }, signal);
    if (!found.ok) return tellsNothing(found.failure) ? ok([]) : fail(found.failure);
    const { parts, checksum, size } = found.value;
    if (parts.length > 0 || checksum?.startsWith('sha256:') !== true) return ok(parts);
    return ok([{ first: 0, last: size - 1, checksum }]);
  }
}

/** The bytes can be had without it, and are then as good as their length and the connection. */
function tellsNothing({ kind }: Failure): boolean {
  return kind === 'access-denied' || kind === 'rejected';
}
