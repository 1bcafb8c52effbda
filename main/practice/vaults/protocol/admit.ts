import type { IncomingMessage } from 'node:http';
import { MAX_PART_SIZE } from '../../../../shared/part-plan.ts';
import { type Result, fail, ok } from '../../../../shared/result.ts';
import type { Arrival } from '../../exchange/api.ts';
import { signedRequestOf } from '../../signature/canonical.ts';
import { type Gate, readClaim, signatureDoubt } from '../../signature/verify.ts';
import { type Body, drop, receiveSmall, receiveToFile } from './body.ts';
import type { Call } from './call.ts';
import { rejectionOf } from './doubts.ts';
import { type Rejection, rejections } from './rejections.ts';
import type { VaultOperation, Route } from './routes.ts';

export type Entrance = Gate & { accountNumber: string; closedAccount: boolean };

type Admission = Result<Call, Rejection>;

/** Operations whose body is an archive's data rather than a few settings. */
const dataOperations: ReadonlySet<VaultOperation> = new Set(['UploadArchive', 'UploadMultipartPart']);

/**
 * Reads a request and proves its sender, in the order that rules.ts gives. A refused request's body is read to its end
 * and forgotten, so that the sender gets to read the answer. Throws `BodyLost`.
 */
export async function admit(
  arrival: Arrival,
  file: string,
  route: Route | null,
  entrance: Entrance,
): Promise<Admission> {
  const { request, bytes, now } = arrival;
  const signed = signedRequestOf(request);
  const refuse = async (rejection: Rejection): Promise<Admission> => {
    if (!arrival.waitsToBeAsked) await drop(bytes);
    return fail(rejection);
  };
  if (!route) return refuse(rejections.operationUnknown(signed.method, signed.target));
  const claim = readClaim(signed, entrance, now);
  if (!claim.ok) return refuse(rejectionOf(claim.failure));
  const isData = dataOperations.has(route.operation);
  const announced = headerOf(request, 'x-amz-content-sha256');
  if (announced === null && isData) return refuse(rejections.parameterMissing('x-amz-content-sha256'));
  const early = announced === null ? null : signatureDoubt(signed, claim.value, announced);
  if (early) return refuse(rejectionOf(early));

  const body = await receive(arrival, isData, file);
  const late = announced === null ? signatureDoubt(signed, claim.value, body.linear) : null;
  const differs = announced !== null && announced !== body.linear;
  const problem = late ? rejectionOf(late) : differs ? rejections.payloadMismatch(body.linear, announced) : null;
  const refusal = problem ?? accountProblem(route, request, entrance, isData);
  return refusal ? fail(refusal) : ok({ route, headers: request.headers, body });
}

/** A body too long for any archive is counted and not kept. */
async function receive({ request, bytes }: Arrival, isData: boolean, file: string): Promise<Body> {
  if (!isData) return receiveSmall(bytes);
  return Number(request.headers['content-length']) <= MAX_PART_SIZE ? receiveToFile(bytes, file) : drop(bytes);
}

function accountProblem(
  { accountId }: Route,
  request: IncomingMessage,
  { accountNumber, closedAccount }: Entrance,
  isData: boolean,
): Rejection | null {
  if (accountId !== '-' && accountId !== accountNumber) return rejections.accountDenied(accountId);
  const version = headerOf(request, 'x-amz-glacier-version');
  if (version === null) return rejections.parameterMissing('x-amz-glacier-version');
  if (version !== '2012-06-01') return rejections.parameter('x-amz-glacier-version', version);
  if (isData && headerOf(request, 'content-length') === null) return rejections.parameterMissing('Content-Length');
  return closedAccount ? rejections.closedAccount() : null;
}

function headerOf(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' ? value : null;
}
