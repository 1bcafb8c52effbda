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
import { rejections } from './rejections.ts';
import { type Route, findRoute } from './routes.ts';

export type Counter = { service: Service; credentials: readonly PracticeCredentials[]; ledger: LedgerWriter };

/** Takes one request from its head to its answer. Never throws; what goes wrong stands in the ledger. */
export async function serve(counter: Counter, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { service, ledger } = counter;
  const route = findRoute(request.method ?? '', request.url ?? '');
  const entry = newEntry(request, route, service.clock());
  let answer: Answer | null = null;
  try {
    answer = await answerTo(counter, request, route, entry);
  } catch (error) {
    if (!(error instanceof BodyLost))
      entry.problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
    answer = answerToFailure(error);
  }
  ledger.append(answer ? closed(entry, answer) : entry);
  if (!answer) return void response.destroy();
  response.setHeader('x-amzn-RequestId', entry.requestId);
  response.setHeader('Date', new Date(service.clock()).toUTCString());
  if (!request.complete) response.setHeader('Connection', 'close');
  await sendAnswer(response, answer);
}

async function answerTo(
  { service, credentials }: Counter,
  request: IncomingMessage,
  route: Route | null,
  entry: LedgerEntry,
): Promise<Answer> {
  const file = incomingPath(service.store);
  const bytes = bytesOf(request, service.rules.bodyIdleMs, (length) => {
    entry.bytesReceived += length;
  });
  try {
    const entrance = { ...service.rules, region: service.region, accountNumber: service.accountNumber, credentials };
    const call = await admit({ request, bytes, file, now: entry.at }, route, entrance);
    if (!call.ok) return rejectionAnswer(call.failure);
    const outcome = await perform(service, call.value);
    return outcome.ok ? outcome.value : rejectionAnswer(outcome.failure);
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
  if (!(error instanceof BodyLost)) return rejectionAnswer(rejections.serviceUnavailable());
  return error.loss === 'timed-out' ? rejectionAnswer(rejections.timedOut()) : null;
}

function newEntry(request: IncomingMessage, route: Route | null, at: number): LedgerEntry {
  const idOf = (kind: string): string | null =>
    route && route.id !== '' && route.operation.includes(kind) ? route.id : null;
  const { 'content-range': range } = request.headers;
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
    range: range ?? null,
    bytesReceived: 0,
    status: null,
    code: null,
    committed: false,
    fault: null,
    problem: null,
  };
}

function closed(entry: LedgerEntry, { status, headers, body, committed }: Answer): LedgerEntry {
  const failed = status >= 400 && Buffer.isBuffer(body);
  return {
    ...entry,
    multipartUploadId: headers['x-amz-multipart-upload-id'] ?? entry.multipartUploadId,
    archiveId: headers['x-amz-archive-id'] ?? entry.archiveId,
    jobId: headers['x-amz-job-id'] ?? entry.jobId,
    status,
    code: failed ? (JSON.parse(body.toString()) as { code: string }).code : null,
    committed,
  };
}
