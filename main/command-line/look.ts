import { type CredentialSource, usableSource } from '../../shared/account.ts';
import { assertNever } from '../../shared/assert.ts';
import { choreTitle, describeChore } from '../../shared/chore-words.ts';
import { printable } from '../../shared/failure.ts';
import { formatBytes } from '../../shared/units.ts';
import { describeDeadline, describeRetrieval } from '../../shared/retrieval-words.ts';
import { describeProgress } from '../../shared/words.ts';
import { CatalogueStore, toArchive } from '../store/catalogue.ts';
import { taskKinds } from '../app/task-kinds.ts';
import { ChoreStore } from '../deletions/chore-store.ts';
import { TaskStore } from '../store/tasks/task-store.ts';
import { RetrievalStore } from '../store/retrievals.ts';
import { UploadStore } from '../store/uploads.ts';
import { vaultWords } from './account.ts';
import { nothingFound } from './choose-archives.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { type TypedFilter, isEverything, resolveFilter } from './filter.ts';
import { knownAccountsIn } from './known-accounts.ts';
import type { Output } from './output.ts';
import { reading } from './reading.ts';

/** Lists the queue, also while another Firn works with the folder. */
export function showQueue(dataFolder: string, output: Output): Promise<ExitCode> {
  return reading(dataFolder, output, (db) => {
    const uploads = new UploadStore(db, new CatalogueStore(db)).list();
    for (const upload of uploads) {
      const status = describeProgress(upload, null, Date.now());
      const done = `${formatBytes(upload.uploadedBytes)} of ${formatBytes(upload.size)}`;
      output.result(
        { ...upload, status },
        `${upload.id}  ${printable(upload.path)} → ${upload.vault}\n  ${done}. ${status}`,
      );
    }
    if (uploads.length === 0 && !output.json) output.result({}, 'The queue is empty.');
    return EXIT.done;
  });
}

/** Lists the retrievals, also while another Firn works with the folder. */
export function showRetrievals(dataFolder: string, output: Output): Promise<ExitCode> {
  return reading(dataFolder, output, (db) => {
    const retrievals = new RetrievalStore(db, new TaskStore(db, taskKinds)).list();
    for (const retrieval of retrievals) {
      const status = describeRetrieval(retrieval, null, Date.now());
      const deadline = describeDeadline(retrieval, Date.now());
      const done = `${formatBytes(retrieval.receivedBytes)} of ${formatBytes(retrieval.size)}`;
      output.result(
        { ...retrieval, status },
        `${retrieval.id}  ${printable(retrieval.relativePath)} → ${printable(retrieval.folder)}\n  ${done}. ${status}${deadline ? `\n  ${deadline.words}.` : ''}`,
      );
    }
    if (retrievals.length === 0 && !output.json) output.result({}, 'Nothing is being retrieved.');
    return EXIT.done;
  });
}

/** Lists what is being deleted and emptied, also while another Firn works with the folder. */
export function showDeletions(dataFolder: string, output: Output): Promise<ExitCode> {
  return reading(dataFolder, output, (db) => {
    const chores = new ChoreStore(db, new TaskStore(db, taskKinds)).list();
    for (const chore of chores) {
      const status = describeChore(chore, Date.now());
      output.result({ ...chore, status }, `${chore.id}  ${choreTitle(chore)}\n  ${status}`);
    }
    if (chores.length === 0 && !output.json) output.result({}, 'Nothing is being deleted.');
    return EXIT.done;
  });
}

/** Lists the archives that are meant, newest first. */
export function showCatalogue(dataFolder: string, typed: TypedFilter, output: Output): Promise<ExitCode> {
  return reading(dataFolder, output, (db) => {
    const known = knownAccountsIn(db);
    const filter = resolveFilter(typed, known);
    if (!filter.ok) return output.refusal(EXIT.failed, filter.failure);
    const places = new Map(known.map(({ id, account }) => [id, account]));
    let count = 0;
    for (const row of new CatalogueStore(db).rows(filter.value)) {
      // The number of the place means nothing outside of this database.
      const { placeId: _, ...archive } = toArchive(row);
      const account = places.get(archive.accountId) ?? null;
      const where = known.length > 1 ? vaultWords(archive.vault, account) : archive.vault;
      const storedAt = new Date(archive.storedAt).toISOString();
      count += 1;
      output.result(
        { ...archive, account: account?.name ?? null, storedAt },
        `${storedAt}  ${formatBytes(archive.size)}  ${where}  ${printable(archive.path ?? archive.description)}\n  ${archive.archiveId}`,
      );
    }
    if (count === 0 && !output.json)
      output.result({}, isEverything(typed) ? 'The catalogue is empty.' : nothingFound(typed));
    return EXIT.done;
  });
}

/** Lists the accounts that the folder knows, and those that are gone and have archives still. */
export function showAccounts(dataFolder: string, output: Output): Promise<ExitCode> {
  return reading(dataFolder, output, (db) => {
    const known = knownAccountsIn(db);
    for (const { id, account, numbers } of known) {
      const number = numbers.length === 0 ? 'number not known yet' : numbers.join(', ');
      const where = account === null ? 'gone' : `${sourceWords(account.source)}, ${account.region}`;
      const endpointUrl = account && usableSource(account).endpointUrl;
      const address = endpointUrl ? `, ${printable(endpointUrl)}` : '';
      output.result(
        { id, numbers, ...(account ?? { name: null, source: null, region: null, endpointUrl: null }) },
        `${id}  ${account === null ? '(gone)' : printable(account.name)}\n  ${where}${address}; ${number}`,
      );
    }
    if (known.length === 0 && !output.json) output.result({}, 'There are no accounts yet.');
    return EXIT.done;
  });
}

function sourceWords(source: CredentialSource): string {
  switch (source.kind) {
    case 'practice':
      return 'the practice vault';
    case 'keys':
      return `access key ${printable(source.accessKeyId)}`;
    case 'profile':
      return `profile ${printable(source.profile)}`;
    case 'environment':
      return 'credentials of the environment';
    case 'imported':
      return `not confirmed, told by an imported catalogue: ${sourceWords(source.source)}`;
    default:
      return assertNever(source);
  }
}
