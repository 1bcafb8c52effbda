import type { IncomingMessage } from 'node:http';
import { randomBytes } from 'node:crypto';
import { fail, ok } from '../../../shared/result.ts';
import type { PracticeCredentials } from '../credentials.ts';
import type { Answer } from '../exchange/answer.ts';
import type { Api } from '../exchange/api.ts';
import { newId } from '../ids.ts';
import type { LedgerFacts } from '../ledger.ts';
import { operations } from './operations/operations.ts';
import { admit } from './protocol/admit.ts';
import { refusalAnswer } from './protocol/answers.ts';
import type { Outcome, Service } from './protocol/call.ts';
import { refusals } from './protocol/refusals.ts';
import { type Seen, readRoute } from './protocol/routes.ts';

/** S3: buckets and their objects. */
export function bucketApi(service: Service, credentials: readonly PracticeCredentials[]): Api {
  const { rules, region, store } = service;
  const gate = { service: 's3' as const, credentials, region, clockWindowMs: rules.bucketClockWindowMs };
  return {
    name: 's3',
    meet(request) {
      const { method = '', url = '', headers } = request;
      const seen = readRoute(method, url, headers.host ?? '');
      const visit = { method, requestId: randomBytes(8).toString('hex').toUpperCase(), hostId: newId('host') };
      const file = store.files.newName();
      const answerOf = (outcome: Outcome): Answer =>
        outcome.ok ? outcome.value : refusalAnswer(outcome.failure, visit);
      return {
        requestId: visit.requestId,
        facts: factsOf(request, seen),
        headers: { 'x-amz-request-id': visit.requestId, 'x-amz-id-2': visit.hostId, Server: 'AmazonS3' },
        async admit(arrival) {
          const entrance = {
            service,
            gate,
            operationFor: ({ route }: { route: { operation: keyof typeof operations } }) => operations[route.operation],
          };
          const admitted = await admit(arrival, seen, { name: file, path: store.files.pathOf(file) }, entrance);
          if (!admitted.ok) return fail(refusalAnswer(admitted.failure, visit));
          const { call, operation } = admitted.value;
          return ok({
            call: { for: 's3', service, call },
            perform: async () => answerOf(await operation.perform(service, call)),
          });
        },
        timedOut: () => refusalAnswer(refusals.timedOut(), visit),
        broken: () => refusalAnswer(refusals.internal(), visit),
        end: () => store.files.settle(file, store.isNamed(file)),
      };
    },
  };
}

function factsOf({ headers }: IncomingMessage, { route, bucket, key }: Seen): Partial<LedgerFacts> {
  const query = route?.query;
  const part = Number(query?.get('partNumber') ?? NaN);
  return {
    operation: route?.operation ?? null,
    bucket: bucket === '' ? null : bucket,
    key: key === '' ? null : key,
    versionId: query?.get('versionId') ?? null,
    multipartUploadId: query?.get('uploadId') ?? null,
    partNumber: Number.isInteger(part) ? part : null,
    range: headers.range ?? null,
  };
}
