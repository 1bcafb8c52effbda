import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Fault } from './weather.ts';

/** `isTrue`: what it says is what the vault did, and all of it. `isCut`: only half of the body goes out. */
export type Answer = { status: number; headers: IncomingHttpHeaders; body: Buffer; isTrue: boolean; isCut?: true };

type Refusal = { status: number; code: string; message: string };

const refusals: Readonly<Partial<Record<Fault, Refusal>>> = {
  '500': { status: 500, code: 'InternalServerError', message: 'The marathon says so.' },
  '500 afterwards': { status: 500, code: 'InternalServerError', message: 'The marathon says so, afterwards.' },
  '503': { status: 503, code: 'ServiceUnavailableException', message: 'The marathon says so.' },
  throttled: { status: 400, code: 'ThrottlingException', message: 'Rate exceeded' },
  'timed out': { status: 408, code: 'RequestTimeoutException', message: 'Request timed out.' },
};

export function refusalFor(fault: Fault | null): Answer | null {
  const refusal = fault === null ? undefined : refusals[fault];
  return refusal ? answerOf(refusal, fault !== '500 afterwards') : null;
}

export function forgotten(uploadId: string): Answer {
  const message = `The upload ID was not found: ${uploadId}`;
  return answerOf({ status: 404, code: 'ResourceNotFoundException', message });
}

/** Success that confirms other bytes than were sent; an answer without a hash stays as it is. */
export function withWrongHash(answer: Answer): Answer {
  if (answer.headers['x-amz-sha256-tree-hash'] === undefined) return answer;
  return { ...answer, headers: { ...answer.headers, 'x-amz-sha256-tree-hash': 'f'.repeat(64) }, isTrue: false };
}

export function cutOff(answer: Answer): Answer {
  return { ...answer, isTrue: false, isCut: true };
}

export function reply(response: ServerResponse, { status, headers, body, isCut }: Answer): void {
  const { connection: _, 'keep-alive': __, 'transfer-encoding': ___, ...rest } = headers;
  response.writeHead(status, rest);
  if (!isCut) response.end(body);
  else response.write(body.subarray(0, Math.ceil(body.length / 2)), () => response.destroy());
}

function answerOf({ status, code, message }: Refusal, isTrue = true): Answer {
  const body = Buffer.from(JSON.stringify({ code, message, type: status < 500 ? 'Client' : 'Server' }));
  const headers = { 'content-type': 'application/json', 'content-length': String(body.length) };
  return { status, headers, body, isTrue };
}
