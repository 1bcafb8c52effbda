import { rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { fail } from '../../../shared/result.ts';
import type { PracticeCredentials } from '../credentials.ts';
import { newId } from '../ids.ts';
import type { LedgerEntry, LedgerWriter } from '../ledger.ts';
import { operations, takesTurns } from '../operations/operations.ts';
import { incomingPath } from '../store/store.ts';
import { admit } from './admit.ts';
import { type Answer, rejectionAnswer, sendAnswer } from './answer.ts';
import { BodyLost, bytesOf } from './body.ts';
import { denial } from './authorize.ts';
import type { Call, Outcome, Service } from './call.ts';
import { Interrupted, type Manners, type MannersFor } from './manners.ts';
import { rejections } from './rejections.ts';
import { type Route, findRoute } from './routes.ts';

export type Counter = {
  service: Service;
  credentials: readonly PracticeCredentials[];
  ledger: LedgerWriter;
  mannersFor: MannersFor;
};

/** One request on its way to its answer. */
type Exchange = Counter & { request: IncomingMessage; route: Route | null; manners: Manners; entry: LedgerEntry };

/** Takes one request from its head to its answer. Never throws; what goes wrong stands in the ledger. */
export async function serve(counter: Counter, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { service, ledger, mannersFor } = counter;
  const route = findRoute(request.method ?? '', request.url ?? '');
  const entry = newEntry(request, route, service.clock());
  const manners = mannersFor(entry, request, response);
  entry.fault = manners.name;

  const answer = await answerTo({ ...counter, request, route, manners, entry }).catch((error: unknown) => {
    entry.problem = problemOf(error);
    return answerToFailure(error);
  });
  ledger.append(answer ? closedEntry(entry, answer) : entry);
  if (!answer) return void request.socket.destroy();
  response.setHeader('x-amzn-RequestId', entry.requestId);
  response.setHeader('Date', new Date(service.clock()).toUTCString());
  if (!request.complete) response.setHeader('Connection', 'close');
  await sendAnswer(response, answer, manners.shape);
}

async function answerTo({ service, credentials, request, route, manners, entry }: Exchange): Promise<Answer> {
  const file = incomingPath(service.store);
  const bytes = bytesOf(request, service.rules.bodyIdleMs, (length) => {
    entry.bytesReceived += length;
  });
  try {
    await manners.reach('before-body');
    const entrance = { ...service.rules, region: service.region, accountNumber: service.accountNumber, credentials };
    const call = await admit({ request, bytes: manners.body(bytes), file, now: entry.at }, route, entrance);
    await manners.reach('after-body');
    if (!call.ok) return rejectionAnswer(call.failure);
    await manners.beforeEffect(service, call.value);
    const outcome = await perform(service, call.value);
    const answer = outcome.ok ? outcome.value : rejectionAnswer(outcome.failure);
    noteOutcome(entry, answer);
    const changed = await manners.afterEffect(service, call.value, answer);
    entry.committed = changed.committed;
    await manners.reach('after-effect');
    return changed;
  } finally {
    await rm(file, { force: true });
  }
}

async function perform(service: Service, call: Call): Promise<Outcome> {
  const { operation } = call.route;
  const run = async (): Promise<Outcome> => {
    const refusal = denial(service, call.route);
    return refusal ? fail(refusal) : operations[operation](service, call);
  };
  return takesTurns(operation) ? service.store.turns.run(run) : run();
}

/** Null when there is nobody left to answer. */
function answerToFailure(error: unknown): Answer | null {
  if (error instanceof Interrupted) return error.answer;
  if (!(error instanceof BodyLost)) return rejectionAnswer(rejections.serviceUnavailable());
  return error.loss === 'timed-out' ? rejectionAnswer(rejections.timedOut()) : null;
}

/** Null for what is no bug: a lost connection, or misbehaviour that was asked for. */
function problemOf(error: unknown): string | null {
  if (error instanceof BodyLost || error instanceof Interrupted) return null;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function newEntry(request: IncomingMessage, route: Route | null, at: number): LedgerEntry {
  const idOf = (kind: string): string | null =>
    route && route.id !== '' && route.operation.includes(kind) ? route.id : null;
  const { 'content-range': part, range } = request.headers;
  return {
    at,
    requestId: newId('request'),
    method: request.method ?? '',
    target: request.url ?? '',
    operation: route?.operation ?? null,
    vault: route && route.vault !== '' ? route.vault : null,
    multipartUploadId: idOf('Part') ?? idOf('Multipart'),
    archiveId: idOf('Archive'),
    jobId: idOf('Job'),
    range: part ?? range ?? null,
    bytesReceived: 0,
    status: null,
    code: null,
    committed: false,
    fault: null,
    problem: null,
  };
}

/** What the request brought about, whatever becomes of its answer. */
function noteOutcome(entry: LedgerEntry, { headers, committed, jobOn }: Answer): void {
  entry.multipartUploadId = headers['x-amz-multipart-upload-id'] ?? entry.multipartUploadId;
  entry.archiveId = jobOn?.archiveId ?? headers['x-amz-archive-id'] ?? entry.archiveId;
  if (jobOn) entry.range = `bytes=${jobOn.range.first}-${jobOn.range.last}`;
  entry.jobId = headers['x-amz-job-id'] ?? entry.jobId;
  entry.committed = committed;
}

function closedEntry(entry: LedgerEntry, { status, body, headers }: Answer): LedgerEntry {
  const error = status >= 400 && Buffer.isBuffer(body) && headers['Content-Type'] === 'application/json';
  return { ...entry, status, code: error ? (JSON.parse(body.toString()) as { code: string }).code : null };
}
