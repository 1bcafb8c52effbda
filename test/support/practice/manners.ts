import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BucketCall } from '../../../main/practice/buckets/protocol/call.ts';
import { XML_DECLARATION } from '../../../main/practice/buckets/xml/write.ts';
import { assertNever } from '../../../shared/assert.ts';
import {
  type AdmittedCall,
  Interrupted,
  type Manners,
  type Moment,
  goodManners,
} from '../../../main/practice/exchange/manners.ts';
import { removeUpload } from '../../../main/practice/vaults/store/uploads.ts';
import { bucketErrorAnswer, errorAnswer } from './error-answer.ts';
import type { Behaviour, bucketErrorCodes } from './faults.ts';
import { losePart, withWrongChecksum, withWrongTreeHash } from './wrong.ts';

export function mannersOf(behaviour: Behaviour, request: IncomingMessage, response: ServerResponse): Manners {
  switch (behaviour.kind) {
    case 'drop':
      return interrupting(behaviour, request, () => Promise.reject(new Interrupted(null)));
    case 'error':
      return interrupting(behaviour, request, () => Promise.reject(new Interrupted(errorAnswer(behaviour))));
    case 'bucket-error': {
      const answer = bucketErrorAnswer(behaviour, request.method ?? '');
      return interrupting(behaviour, request, () => Promise.reject(new Interrupted(answer)));
    }
    case 'error-in-success':
      return interrupting(behaviour, request, () => failInSuccess(behaviour.code, response));
    case 'delay':
      return interrupting(behaviour, request, () => delay(behaviour.ms, response));
    case 'truncated-answer':
      return { ...goodManners, name: behaviour.kind, shape: { kind: 'truncated' } };
    case 'wrong-tree-hash':
      return {
        ...goodManners,
        name: behaviour.kind,
        afterEffect: (_call, answer) => Promise.resolve(withWrongTreeHash(answer)),
      };
    case 'wrong-checksum':
      return {
        ...goodManners,
        name: behaviour.kind,
        afterEffect: (_call, answer) => Promise.resolve(withWrongChecksum(answer)),
      };
    case 'bandwidth':
      return {
        ...goodManners,
        name: behaviour.kind,
        body: (bytes) => paced(bytes, behaviour.bytesPerSecond),
        shape: { kind: 'paced', pace: (bytes) => paced(bytes, behaviour.bytesPerSecond) },
      };
    case 'lost-part':
      return { ...goodManners, name: behaviour.kind, afterEffect: losePart };
    case 'expired-upload':
      return { ...goodManners, name: behaviour.kind, beforeEffect: expireUpload };
    default:
      return assertNever(behaviour);
  }
}

function interrupting(
  behaviour: { kind: string; when: Moment; afterBytes?: number | undefined },
  request: IncomingMessage,
  act: () => Promise<void>,
): Manners {
  const { kind, when, afterBytes } = behaviour;
  const middle = Math.floor(Number(request.headers['content-length'] ?? 0) / 2);
  return {
    ...goodManners,
    name: `${kind} ${when}`,
    reach: (moment) => (moment === when ? act() : Promise.resolve()),
    body: (bytes) => (when === 'within-body' ? actAt(bytes, afterBytes ?? middle, act) : bytes),
  };
}

async function* actAt(bytes: AsyncIterable<Buffer>, at: number, act: () => Promise<void>): AsyncIterable<Buffer> {
  let length = 0;
  let acted = false;
  for await (const piece of bytes) {
    length += piece.length;
    yield piece;
    if (acted || length < at) continue;
    acted = true;
    await act();
  }
}

async function* paced(bytes: AsyncIterable<Buffer>, bytesPerSecond: number): AsyncIterable<Buffer> {
  const step = Math.max(1, Math.floor(bytesPerSecond / 20));
  for await (const piece of bytes) {
    for (let from = 0; from < piece.length; from += step) {
      const slice = piece.subarray(from, from + step);
      await sleep((slice.length / bytesPerSecond) * 1000);
      yield slice;
    }
  }
}

/** A request that hangs ends when either side ends the connection. */
async function delay(ms: number | null, response: ServerResponse): Promise<void> {
  if (response.destroyed) return;
  if (ms !== null) return sleep(ms);
  await once(response, 'close');
  throw new Interrupted(null);
}

async function expireUpload(admitted: AdmittedCall): Promise<void> {
  if (admitted.for === 's3') {
    expireBucketUpload(admitted);
    return;
  }
  const { store } = admitted.service;
  const { route } = admitted.call;
  const vault = store.vaults.get(route.vault);
  const upload = vault?.uploads.get(route.id);
  if (vault && upload) await store.turns.run(() => removeUpload(store, vault, upload));
}

function expireBucketUpload({ service: { store }, call: { route } }: BucketCall): void {
  const bucket = store.buckets.find(route.bucket);
  const upload = bucket && store.uploads.find(bucket, route.key, route.query.get('uploadId') ?? '');
  if (upload) store.files.discard(store.change(() => store.uploads.remove(upload)));
}

/** What S3 does when it finds out too late: by then it has said that all is well. */
function failInSuccess(code: (typeof bucketErrorCodes)[number] | null, response: ServerResponse): Promise<never> {
  response.writeHead(200, { 'Content-Type': 'application/xml' });
  response.write(`${XML_DECLARATION}  `);
  const answer = code === null ? null : bucketErrorAnswer({ code, body: 'xml' }, 'POST');
  const text = Buffer.isBuffer(answer?.body) ? answer.body.toString().slice(XML_DECLARATION.length) : '';
  return Promise.reject(new Interrupted({ status: 200, headers: {}, body: Buffer.from(text), committed: false, code }));
}
