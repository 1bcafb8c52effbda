import type { Result } from '../../shared/result.ts';
import type { ConnectionOptions, HttpRequestHead } from '../aws/connections.ts';
import type { HttpAnswer } from '../aws/http-answer.ts';
import type { DeadConnections } from '../aws/dead-connections.ts';
import type { PartToSend, SentHashes } from '../aws/part-sender.ts';

/** What the pool says to a worker. `id` tells the parts of one worker apart. */
export type ToWorker =
  | { type: 'send'; id: number; part: PartToSend }
  /** Pieces of the shared memory that the part may use from now on. */
  | { type: 'lend'; id: number; pieces: number[] }
  /** The request for a part that was hashed. */
  | { type: 'prepared'; id: number; head: HttpRequestHead }
  /** Connections that lead nowhere any more are closed. */
  | { type: 'drop'; dead: DeadConnections }
  /** Everything else on this computer goes first from now on. */
  | { type: 'be-gentle' }
  /** Nobody waits for the part any more. */
  | { type: 'abandon'; id: number };

/** What a worker says to the pool. Each part ends with one `done`, after which its memory and its socket are free. */
export type FromWorker =
  /** Pieces that the part needs no longer. */
  | { type: 'returned'; id: number; pieces: number[] }
  | { type: 'hashed'; id: number; hashes: SentHashes }
  | { type: 'sent'; id: number; bytes: number }
  /** Null for a part that was abandoned. */
  | { type: 'done'; id: number; outcome: Result<HttpAnswer> | null };

/** How a worker is set up. `memory`: what parts borrow pieces of. `pace`: the limit that all workers share. */
export type WorkerSettings = { memory: SharedArrayBuffer; pace: SharedArrayBuffer; connections: ConnectionOptions };
