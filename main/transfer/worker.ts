import { parentPort, workerData } from 'node:worker_threads';
import { errorText } from '../../shared/error-text.ts';
import { assertNever } from '../../shared/assert.ts';
import { type Result, fail } from '../../shared/result.ts';
import { type HttpRequestHead, openConnections } from '../aws/connections.ts';
import type { HttpAnswer } from '../aws/http-answer.ts';
import type { PartToSend, SentHashes } from '../aws/part-sender.ts';
import { LentPieces } from './lent-pieces.ts';
import type { FromWorker, ToWorker, WorkerSettings } from './messages.ts';
import { Pace } from './pace.ts';
import { addonFile, fastestHashers } from './part-hashers.ts';
import { lowerThread } from './priority.ts';
import { sendPart } from './send-part.ts';
import { addUp } from './sent-bytes.ts';

// The entry of a worker thread: carries parts for the pool, several at a time. Credentials never come here.

const settings = workerData as WorkerSettings;
const connections = openConnections(settings.connections);
const pace = new Pace(settings.pace);
const newHasher = fastestHashers(addonFile(import.meta.dirname));
/** The parts under way, each with its memory, what stops it, and what takes its signed request. */
const underWay = new Map<
  number,
  { pieces: LentPieces; abandon: () => void; prepared: (head: HttpRequestHead) => void }
>();

parentPort?.on('message', (message: ToWorker) => {
  switch (message.type) {
    case 'send':
      void carry(message.id, message.part);
      return;
    case 'lend':
      underWay.get(message.id)?.pieces.lend(message.pieces);
      return;
    case 'prepared':
      underWay.get(message.id)?.prepared(message.head);
      return;
    case 'drop':
      connections.drop(message.dead);
      return;
    case 'be-gentle':
      lowerThread();
      return;
    case 'abandon':
      underWay.get(message.id)?.abandon();
      return;
    default:
      assertNever(message);
  }
});

function tell(message: FromWorker): void {
  parentPort?.postMessage(message);
}

async function carry(id: number, part: PartToSend): Promise<void> {
  const controller = new AbortController();
  const { signal } = controller;
  const giveBack = (pieces: number[]): void => {
    tell({ type: 'returned', id, pieces });
  };
  const pieces = new LentPieces(settings.memory, giveBack, signal);
  let prepared: (head: HttpRequestHead) => void = () => undefined;
  underWay.set(id, {
    pieces,
    abandon() {
      controller.abort();
    },
    prepared(head) {
      prepared(head);
    },
  });
  const prepare = (hashes: SentHashes): Promise<HttpRequestHead> =>
    new Promise((resolve, reject) => {
      prepared = resolve;
      signal.addEventListener('abort', () => {
        reject(signal.reason as Error);
      });
      tell({ type: 'hashed', id, hashes });
    });
  const sent = addUp((bytes) => {
    tell({ type: 'sent', id, bytes });
  });
  const outcome = await outcomeOf(
    sendPart(part, { pieces, connections, pace, newHasher, signal, prepare, onSent: sent.add }),
    signal,
  );
  sent.flush();
  underWay.delete(id);
  tell({ type: 'done', id, outcome });
}

async function outcomeOf(
  sending: Promise<Result<HttpAnswer>>,
  signal: AbortSignal,
): Promise<Result<HttpAnswer> | null> {
  try {
    return await sending;
  } catch (error) {
    if (signal.aborted) return null;
    return fail({ kind: 'unexpected', detail: errorText(error) });
  }
}
