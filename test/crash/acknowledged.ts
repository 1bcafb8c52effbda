/** The range of a part, as "first-last". */
export type Range = string;

/**
 * Judges from the wire whether an acknowledged range is sent again. A session is one life of Firn; what it can know of a
 * multipart upload is what it began itself, what the service confirmed to it, and what it listed.
 */
export class Acknowledged {
  readonly violations: string[] = [];
  /** Ranges that were sent again although the vault had them, because no answer could have told Firn so. */
  unknowable = 0;
  readonly #stored = new Set<string>();

  begin(): Session {
    return new Session();
  }

  partBegins({ known, inDoubt }: Session, multipartUploadId: string, range: Range): void {
    const part = `${multipartUploadId} ${range}`;
    if (!this.#stored.has(part)) return;
    const ranges = known.get(multipartUploadId);
    if (!ranges) this.violations.push(`${part} was sent again by a Firn that had not asked what the vault has`);
    else if (ranges.has(range)) this.violations.push(`${part} was sent again although Firn knew it was acknowledged`);
    else if (inDoubt.has(part)) this.violations.push(`${part} was sent again before Firn asked what had become of it`);
    else this.unknowable += 1;
  }

  /** The vault has the part, whatever becomes of its answer. */
  partStored(multipartUploadId: string, range: Range): void {
    this.#stored.add(`${multipartUploadId} ${range}`);
  }

  /** The vault itself lost the part. */
  partLost(multipartUploadId: string, range: Range): void {
    this.#stored.delete(`${multipartUploadId} ${range}`);
  }
}

/** What one life of Firn was told. */
export class Session {
  /** Ranges that the service is known to have, for each multipart upload whose parts are known at all. */
  readonly known = new Map<string, Set<Range>>();
  /** Parts that were sent without an answer that could be trusted. */
  readonly inDoubt = new Set<string>();

  initiated(multipartUploadId: string): void {
    this.known.set(multipartUploadId, new Set());
  }

  confirmed(multipartUploadId: string, range: Range): void {
    this.known.get(multipartUploadId)?.add(range);
  }

  unanswered(multipartUploadId: string, range: Range): void {
    this.inDoubt.add(`${multipartUploadId} ${range}`);
  }

  listed(multipartUploadId: string, ranges: readonly Range[]): void {
    const known = this.known.get(multipartUploadId) ?? new Set();
    for (const range of ranges) known.add(range);
    this.known.set(multipartUploadId, known);
    for (const part of this.inDoubt) if (part.startsWith(`${multipartUploadId} `)) this.inDoubt.delete(part);
  }
}
