import type { IncomingHttpHeaders } from 'node:http';
import { type Result, fail, ok } from '../../../../shared/result.ts';
import type { Arrival } from '../../exchange/api.ts';
import { type SignedRequest, signedRequestOf } from '../../signature/canonical.ts';
import { type Claim, type Gate, readClaim, signatureDoubt } from '../../signature/verify.ts';
import { type Call, type Head, type Operation, type Service, findBucket, headerOf } from './call.ts';
import { refusalOf } from './doubts.ts';
import { type Payload, readPayload } from './payload.ts';
import { type FileToBe, dropBody, receiveBody } from './receive.ts';
import { type Refusal, refusals } from './refusals.ts';
import type { Seen } from './routes.ts';

export type Entrance = { service: Service; gate: Gate; operationFor: (head: Head) => Operation };

/** An admitted request and what carries it out. */
export type Admitted = { call: Call; operation: Operation };

/**
 * Reads a request and proves its sender: first all that its head tells, then the body, which is not asked for, or read
 * and forgotten, when the head is refused. Throws `BodyLost`.
 */
export async function admit(
  arrival: Arrival,
  seen: Seen,
  file: FileToBe,
  entrance: Entrance,
): Promise<Result<Admitted, Refusal>> {
  const { service, gate, operationFor } = entrance;
  const { headers } = arrival.request;
  const refuse = async (refused: Refusal): Promise<Result<never, Refusal>> => {
    if (!arrival.waitsToBeAsked) await dropBody(arrival.bytes);
    return fail(refused);
  };
  const proven = proveSender(signedRequestOf(arrival.request), headers, gate, arrival.now);
  if (!proven.ok) return refuse(proven.failure);
  const head = readHead(service, seen, arrival);
  if (!head.ok) return refuse(head.failure);
  const operation = operationFor(head.value);
  const plan = operation.plan(service, head.value);
  if (!plan.ok) return refuse(plan.failure);
  const body = await receiveBody(
    arrival,
    head.value,
    { plan: plan.value, ...proven.value, file, region: gate.region },
    refuse,
  );
  if (!body.ok) return body;
  const origin = `http://${headerOf(headers, 'host') ?? ''}`;
  return ok({ operation, call: { ...head.value, body: body.value, origin, hold: arrival.hold } });
}

function proveSender(
  request: SignedRequest,
  headers: IncomingHttpHeaders,
  gate: Gate,
  now: number,
): Result<{ claim: Claim; payload: Payload }, Refusal> {
  const claim = readClaim(request, gate, now);
  if (!claim.ok) return fail(refusalOf(claim.failure, gate.region));
  const { signedHeaders } = claim.value.authorization;
  const unsigned = Object.keys(headers).filter((name) => name.startsWith('x-amz-') && !signedHeaders.includes(name));
  if (unsigned.length > 0) return fail(refusals.unsignedHeaders(unsigned));
  const announced = headerOf(headers, 'x-amz-content-sha256');
  const payload = readPayload(announced);
  if (!payload.ok) return payload;
  const doubt = signatureDoubt(request, claim.value, announced ?? '');
  return doubt ? fail(refusalOf(doubt, gate.region)) : ok({ claim: claim.value, payload: payload.value });
}

/** The bucket's and the key's own matters, in S3's likely order. */
function readHead(service: Service, seen: Seen, { request }: Arrival): Result<Head, Refusal> {
  const { headers, method = '' } = request;
  const { route, bucket, key, subresource } = seen;
  if (/%(?![0-9a-fA-F]{2})/.test(request.url ?? '') || key.includes('\uFFFD')) return fail(refusals.uri());
  if (!route) {
    const unknown = subresource !== null && bucket !== '';
    return fail(unknown ? refusals.notImplemented(subresource) : refusals.method(method, resourceType(bucket, key)));
  }
  const owner = headerOf(headers, 'x-amz-expected-bucket-owner');
  if (owner !== null && !/^\d{12}$/.test(owner)) return fail(refusals.ownerMalformed(owner));
  const head: Head = { route, headers };
  if (bucket !== '' && route.operation !== 'CreateBucket') {
    const found = findBucket(service, head);
    if (!found.ok) return found;
    if (owner !== null && owner !== service.accountNumber) return fail(refusals.denied());
  }
  const keyLength = Buffer.byteLength(key);
  return keyLength > 1024 ? fail(refusals.keyTooLong(keyLength)) : ok(head);
}

function resourceType(bucket: string, key: string): string {
  return bucket === '' ? 'SERVICE' : key === '' ? 'BUCKET' : 'OBJECT';
}
