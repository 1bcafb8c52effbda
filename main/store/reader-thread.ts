import { parentPort, workerData } from 'node:worker_threads';
import { errorText } from '../../shared/error-text.ts';
import { CatalogueStore } from './catalogue.ts';
import type { Answer, Question, Questions } from './catalogue-reader.ts';
import { errorCode, openForReading } from './database.ts';

/** The thread in which questions about the catalogue are answered, one after the other. Null ends it. */
const db = openForReading(workerData as string);
const catalogue: Questions = new CatalogueStore(db);

parentPort?.on('message', (question: Question | null) => {
  if (question === null) {
    db.close();
    parentPort?.close();
    return;
  }
  parentPort?.postMessage(answerTo(question));
});

function answerTo({ id, name, args }: Question): Answer {
  try {
    const ask = catalogue[name].bind(catalogue) as (...all: unknown[]) => unknown;
    return { id, value: ask(...args) };
  } catch (error) {
    return { id, error: { message: errorText(error), code: errorCode(error) } };
  }
}
