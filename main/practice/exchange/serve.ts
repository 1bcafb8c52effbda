import type { IncomingMessage, ServerResponse } from 'node:http';
import { type LedgerEntry, type LedgerWriter, noFacts } from '../ledger.ts';
import { type Answer, sendAnswer } from './answer.ts';
import type { Api, Arrival, Visit } from './api.ts';
import { BodyLost, bytesOf } from './body.ts';
import { Holding } from './holding.ts';
import { Interrupted, type Manners, type MannersFor } from './manners.ts';

export type Counter = {
  /** Which service a request is for. */
  apiFor: (request: IncomingMessage) => Api;
  ledger: LedgerWriter;
  mannersFor: MannersFor;
  bodyIdleMs: number;
  clock: () => number;
};

/** Takes one request from its head to its answer. Never throws; what goes wrong stands in the ledger. */
export async function serve(counter: Counter, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { apiFor, ledger, mannersFor, clock } = counter;
  const api = apiFor(request);
  const visit = api.meet(request, clock());
  const entry = newEntry(request, api, visit, clock());
  const manners = mannersFor(entry, request, response);
  entry.fault = manners.name;
  response.setHeader('Date', new Date(clock()).toUTCString());
  for (const [name, value] of Object.entries(visit.headers)) response.setHeader(name, value);

  const holding = new Holding(response);
  const arrival = arrivalOf(counter, request, response, entry, holding);
  const answer = await answerTo(visit, arrival, manners, entry).catch((error: unknown) => {
    entry.problem = problemOf(error);
    return answerToFailure(visit, error);
  });
  holding.stop();
  ledger.append({ ...entry, status: answer?.status ?? null, code: answer?.code ?? null });
  if (!answer) return void request.socket.destroy();
  if (response.headersSent) {
    holding.end(answer);
    return;
  }
  if (!request.complete) response.setHeader('Connection', 'close');
  await sendAnswer(response, answer, manners.shape);
}

function arrivalOf(
  { bodyIdleMs }: Counter,
  request: IncomingMessage,
  response: ServerResponse,
  entry: LedgerEntry,
  holding: Holding,
): Arrival {
  const waitsToBeAsked = /^100-continue$/i.test(request.headers.expect ?? '');
  const bytes = bytesOf(request, {
    idleMs: bodyIdleMs,
    onStart: () => {
      if (waitsToBeAsked) response.writeContinue();
    },
    onBytes: (length) => {
      entry.bytesReceived += length;
    },
  });
  return {
    request,
    bytes,
    waitsToBeAsked,
    now: entry.at,
    hold: (headers, opening) => {
      holding.begin(headers, opening);
    },
  };
}

async function answerTo(visit: Visit, arrival: Arrival, manners: Manners, entry: LedgerEntry): Promise<Answer> {
  try {
    await manners.reach('before-body');
    const deed = await visit.admit({ ...arrival, bytes: manners.body(arrival.bytes) });
    await manners.reach('after-body');
    if (!deed.ok) return deed.failure;
    const { call, perform } = deed.value;
    await manners.beforeEffect(call);
    const answer = await perform();
    Object.assign(entry, answer.noted);
    entry.committed = answer.committed;
    const changed = await manners.afterEffect(call, answer);
    entry.committed = changed.committed;
    await manners.reach('after-effect');
    return changed;
  } finally {
    await visit.end();
  }
}

/** Null when there is nobody left to answer. */
function answerToFailure(visit: Visit, error: unknown): Answer | null {
  if (error instanceof Interrupted) return error.answer;
  if (!(error instanceof BodyLost)) return visit.broken();
  return error.loss === 'timed-out' ? visit.timedOut() : null;
}

/** Null for what is no bug: a lost connection, or misbehaviour that was asked for. */
function problemOf(error: unknown): string | null {
  if (error instanceof BodyLost || error instanceof Interrupted) return null;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function newEntry(request: IncomingMessage, api: Api, visit: Visit, at: number): LedgerEntry {
  return {
    at,
    service: api.name,
    requestId: visit.requestId,
    method: request.method ?? '',
    target: request.url ?? '',
    ...noFacts,
    ...visit.facts,
    bytesReceived: 0,
    status: null,
    code: null,
    committed: false,
    fault: null,
    problem: null,
  };
}
