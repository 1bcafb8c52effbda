import type { ByteRange } from '../../shared/part-plan.ts';
import type { Result } from '../../shared/result.ts';
import type { SourceFile } from '../core/ports.ts';
import type { PartHashes } from '../core/tree-hash.ts';
import type { HttpRequestHead } from '../aws/connections.ts';
import type { HttpAnswer } from '../aws/http-answer.ts';

export type PartToSend = { source: SourceFile; range: ByteRange };

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
    prepare: (hashes: PartHashes) => Promise<Result<HttpRequestHead>>,
    options: SendPartOptions,
  ): Promise<Result<{ hashes: PartHashes; response: HttpAnswer }>>;
}
