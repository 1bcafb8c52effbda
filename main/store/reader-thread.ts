import { parentPort, workerData } from 'node:worker_threads';
import { errorText } from '../../shared/error-text.ts';
import { CatalogueStore } from './catalogue.ts';
import type { Answer, Question, Questions } from './catalogue-reader.ts';
import { errorCode, openForReading } from './database.ts';
import { FrozenChoices } from './frozen-choices.ts';

/** The thread in which questions about the catalogue are answered, one after the other. Null ends it. */
const db = openForReading(workerData as string);
const catalogue = new CatalogueStore(db);
const choices = new FrozenChoices(db);
const answers: Questions = {
  search: (query) => catalogue.search(query),
  sum: (choice) => catalogue.sum(choice),
  between: (filter, from, to) => catalogue.between(filter, from, to),
  freeze: (choice, now) => choices.freeze(choice, now),
  frozen: (token, now) => choices.frozen(token, now),
  frozenRows: (token, before, limit, but) => choices.frozenRows(token, before, limit, but),
  deletionFacts: (token, now) => choices.deletionFacts(token, now),
  overlaps: (token) => choices.overlaps(token),
};

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
    const all = answers as Record<string, (...all: unknown[]) => unknown>;
    return { id, value: all[name]?.(...args) };
  } catch (error) {
    return { id, error: { message: errorText(error), code: errorCode(error) } };
  }
}
