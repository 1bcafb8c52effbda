import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { assertNever } from '../../../shared/assert.ts';
import type { Call, Service } from '../../../main/practice/protocol/call.ts';
import { Interrupted, type Manners, type Moment, goodManners } from '../../../main/practice/protocol/manners.ts';
import { removeUpload } from '../../../main/practice/store/uploads.ts';
import { errorAnswer } from './error-answer.ts';
import type { Behaviour } from './faults.ts';
import { losePart, withWrongTreeHash } from './wrong.ts';

export function mannersOf(behaviour: Behaviour, request: IncomingMessage, response: ServerResponse): Manners {
  switch (behaviour.kind) {
    case 'drop':
      return interrupting(behaviour, request, () => Promise.reject(new Interrupted(null)));
    case 'error':
      return interrupting(behaviour, request, () => Promise.reject(new Interrupted(errorAnswer(behaviour))));
    case 'delay':
      return interrupting(behaviour, request, () => delay(behaviour.ms, response));
    case 'truncated-answer':
      return { ...goodManners, name: behaviour.kind, shape: { kind: 'truncated' } };
    case 'wrong-tree-hash':
      return {
        ...goodManners,
        name: behaviour.kind,
        afterEffect: (_service, _call, answer) => Promise.resolve(withWrongTreeHash(answer)),
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
  behaviour: Extract<Behaviour, { when: Moment }>,
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

async function expireUpload({ store }: Service, { route }: Call): Promise<void> {
  const vault = store.vaults.get(route.vault);
  const upload = vault?.uploads.get(route.id);
  if (vault && upload) await store.turns.run(() => removeUpload(store, vault, upload));
}
