import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LedgerEntry } from '../ledger.ts';
import { type Answer, type AnswerShape, asItIs } from './answer.ts';
import type { BucketCall } from '../buckets/protocol/call.ts';
import type { VaultCall } from '../vaults/protocol/call.ts';

/** When in an exchange something may go wrong. `after-effect`: the change is durable, but its answer is not out yet. */
export const moments = ['before-body', 'within-body', 'after-body', 'after-effect'] as const;
export type Moment = (typeof moments)[number];

/** Thrown to end an exchange out of turn: with another answer, or with none, which cuts the connection. */
export class Interrupted extends Error {
  constructor(readonly answer: Answer | null) {
    super('interrupted');
  }
}

/** A request that is about to be carried out, for one of the two services. */
export type AdmittedCall = VaultCall | BucketCall;

/** How one exchange is carried out, from its first byte to its last. */
export type Manners = {
  /** For the ledger; null for good manners. */
  name: string | null;
  /** Called when the exchange has come so far. May throw `Interrupted`. */
  reach(moment: Moment): Promise<void>;
  body(bytes: AsyncIterable<Buffer>): AsyncIterable<Buffer>;
  beforeEffect(call: AdmittedCall): Promise<void>;
  afterEffect(call: AdmittedCall, answer: Answer): Promise<Answer>;
  shape: AnswerShape;
};

/** How a service treats each request. The application's own is always well-mannered. */
export type MannersFor = (entry: LedgerEntry, request: IncomingMessage, response: ServerResponse) => Manners;

export const goodManners: Manners = {
  name: null,
  reach: () => Promise.resolve(),
  body: (bytes) => bytes,
  beforeEffect: () => Promise.resolve(),
  afterEffect: (_call, answer) => Promise.resolve(answer),
  shape: asItIs,
};
