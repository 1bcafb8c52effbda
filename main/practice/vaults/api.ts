import { rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { fail, ok } from '../../../shared/result.ts';
import type { PracticeCredentials } from '../credentials.ts';
import type { Answer } from '../exchange/answer.ts';
import type { Api } from '../exchange/api.ts';
import { newId } from '../ids.ts';
import type { LedgerFacts } from '../ledger.ts';
import { operations, takesTurns } from './operations/operations.ts';
import { admit } from './protocol/admit.ts';
import { rejectionAnswer } from './protocol/answers.ts';
import { denial } from './protocol/authorize.ts';
import type { Call, Outcome, Service } from './protocol/call.ts';
import { rejections } from './protocol/rejections.ts';
import { type Route, findRoute } from './protocol/routes.ts';
import { incomingPath } from './store/store.ts';

/** Glacier: vaults and their archives. */
export function vaultApi(service: Service, credentials: readonly PracticeCredentials[]): Api {
  const { rules, region, accountNumber } = service;
  const entrance = { ...rules, service: 'glacier' as const, region, accountNumber, credentials };
  return {
    name: 'glacier',
    meet(request) {
      const requestId = newId('request');
      const route = findRoute(request.method ?? '', request.url ?? '');
      const file = incomingPath(service.store);
      return {
        requestId,
        facts: factsOf(request, route),
        headers: { 'x-amzn-RequestId': requestId },
        async admit(arrival) {
          const admitted = await admit(arrival, file, route, entrance);
          if (!admitted.ok) return fail(rejectionAnswer(admitted.failure));
          const call = admitted.value;
          return ok({
            call: { for: 'glacier', service, call },
            perform: async () => answerOf(await perform(service, call)),
          });
        },
        timedOut: () => rejectionAnswer(rejections.timedOut()),
        broken: () => rejectionAnswer(rejections.serviceUnavailable()),
        end: () => rm(file, { force: true }),
      };
    },
  };
}

async function perform(service: Service, call: Call): Promise<Outcome> {
  const { operation } = call.route;
  const run = async (): Promise<Outcome> => {
    const refusal = denial(service, call.route);
    return refusal ? fail(refusal) : operations[operation](service, call);
  };
  return takesTurns(operation) ? service.store.turns.run(run) : run();
}

function answerOf(outcome: Outcome): Answer {
  if (!outcome.ok) return rejectionAnswer(outcome.failure);
  const { headers } = outcome.value;
  const made = {
    ...idIn(headers, 'x-amz-multipart-upload-id', 'multipartUploadId'),
    ...idIn(headers, 'x-amz-archive-id', 'archiveId'),
    ...idIn(headers, 'x-amz-job-id', 'jobId'),
  };
  return { ...outcome.value, noted: { ...made, ...outcome.value.noted } };
}

function idIn(headers: Answer['headers'], header: string, fact: keyof LedgerFacts): Partial<LedgerFacts> {
  const id = headers[header];
  return id === undefined ? {} : { [fact]: id };
}

function factsOf(request: IncomingMessage, route: Route | null): Partial<LedgerFacts> {
  if (!route) return {};
  const { operation, id, vault } = route;
  const idOf = (kind: string): string | null => (id !== '' && operation.includes(kind) ? id : null);
  const { 'content-range': part, range } = request.headers;
  return {
    operation,
    vault: vault === '' ? null : vault,
    multipartUploadId: idOf('Part') ?? idOf('Multipart'),
    archiveId: idOf('Archive'),
    jobId: idOf('Job'),
    range: part ?? range ?? null,
  };
}
