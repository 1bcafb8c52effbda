import type { IncomingMessage } from 'node:http';
import type { Result } from '../../../shared/result.ts';
import type { LedgerFacts, ServiceName } from '../ledger.ts';
import type { Answer } from './answer.ts';
import type { AdmittedCall } from './manners.ts';

/** One of Amazon's services, as the exchange of a request for an answer needs it. */
export type Api = {
  name: ServiceName;
  /** Looks at the head of a request; neither waits nor judges. */
  meet(request: IncomingMessage, now: number): Visit;
};

/** One request to a service. */
export type Visit = {
  requestId: string;
  facts: Partial<LedgerFacts>;
  /** Reads the request and proves its sender. A refusal is an answer. @throws BodyLost */
  admit(arrival: Arrival): Promise<Result<Deed, Answer>>;
  /** The answer to a body that stands still, and to a bug. */
  timedOut(): Answer;
  broken(): Answer;
  /** Those of every answer. */
  headers: Record<string, string>;
  /** Forgets what was kept of the body and is not part of the state. */
  end(): Promise<void>;
};

/** A request that may be carried out. */
export type Deed = { call: AdmittedCall; perform: () => Promise<Answer> };

/** A request on its way in. */
export type Arrival = {
  request: IncomingMessage;
  /** The body, to be read once; throws `BodyLost`. Reading it asks for it, where the sender waits to be asked. */
  bytes: AsyncIterable<Buffer>;
  /** The sender waits to be asked for the body (`Expect: 100-continue`), so that a refusal need not read it. */
  waitsToBeAsked: boolean;
  now: number;
  /**
   * Sends the head of a successful answer and the beginning of its body at once, and then white space until the answer
   * is there: for what takes long.
   */
  hold: (headers: Record<string, string>, opening: string) => void;
};
