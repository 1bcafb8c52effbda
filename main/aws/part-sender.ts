import type { ByteRange } from '../../shared/part-plan.ts';
import type { Result } from '../../shared/result.ts';
import type { SourceFile } from '../core/ports.ts';
import type { TreeHash } from '../../shared/upload.ts';
import type { HttpRequestHead } from './connections.ts';
import type { HttpAnswer } from './http-answer.ts';

/** `withTree`: whether its tree hash is wanted, too, which takes as long again. */
export type PartToSend = { source: SourceFile; range: ByteRange; withTree: boolean };

export type SentHashes = {
  /** SHA-256 of all bytes in order; lower-case hexadecimal. */
  linear: string;
  /** Null unless it was wanted. */
  treeHash: TreeHash | null;
};

export type SentPart = { hashes: SentHashes; response: HttpAnswer };

export type SendPartOptions = { signal: AbortSignal; onSent: (bytes: number) => void };

/** Carries ranges of files to a service. Knows files and HTTP, and nothing of vaults or signatures. */
export interface PartSender {
  /**
   * Reads the range, computes its hashes, has the request prepared (signed) for them, and sends exactly the bytes that
   * were hashed. The file must be `source.identity` before and after: `file-changed`, `source-missing` or
   * `file-unreadable` otherwise, and a failure of `prepare` is passed on. `response` is whatever the service answered.
   * Throws the signal's reason when aborted, at once, and closes the connection.
   */
  send(
    part: PartToSend,
    prepare: (hashes: SentHashes) => Promise<Result<HttpRequestHead>>,
    options: SendPartOptions,
  ): Promise<Result<SentPart>>;
}
