import type { ArchiveChoice } from '../../shared/archive.ts';
import type { ExportFormat, Exported, Imported } from '../../shared/catalogue-exchange.ts';
import type { Events } from '../../shared/contract.ts';
import type { Power } from '../../shared/cpu-use.ts';
import type { Failure } from '../../shared/failure.ts';
import type { Result } from '../../shared/result.ts';
import type { Settings } from '../../shared/settings.ts';
import type { UploadId, UploadView } from '../../shared/upload.ts';
import type { Accounts } from '../places/accounts.ts';
import type { ProxyLogins } from '../places/proxy-logins.ts';
import type { CatalogueCopies } from '../catalogue/copies.ts';
import type { ImportOptions } from '../catalogue/import.ts';
import type { Checks } from '../checks/checks.ts';
import type { CopyReturns } from '../copies/copy-returns.ts';
import type { Clock } from '../core/ports.ts';
import type { AccountWaits } from '../engine/account-waits.ts';
import type { UploadWorker } from '../uploads/worker.ts';
import type { Sleep } from '../engine/sleep.ts';
import type { Feed } from './feed.ts';
import type { AskForCode } from '../aws/credentials/credentials.ts';
import type { NoticeBoard } from './notices.ts';
import type { Engine } from './open-engine.ts';
import type { ServedChores } from './open-deletions.ts';
import type { ServedInventories } from './open-inventories.ts';
import type { ServedRetrievals } from './open-retrievals.ts';
import type { Queue } from '../uploads/queue.ts';
import type { ElsewhereWatch } from '../relocation/elsewhere-watch.ts';
import type { Relocation } from '../relocation/relocate.ts';
import type { SecretBox } from '../places/secrets.ts';
import type { CatalogueReader } from '../store/catalogue-reader.ts';
import type { CatalogueStore } from '../store/catalogue.ts';
import type { UploadStore } from '../store/uploads.ts';

export type OpenOptions = {
  /** Asks the person for the code of an MFA device, where that is possible at any time. */
  askForCode?: AskForCode;
  /** Queue, catalogue and practice vault live here; made when it is missing. */
  dataFolder: string;
  /** Where the built worker files are. */
  codeFolder: string;
  secrets: SecretBox;
  log: (message: string, details: Record<string, unknown>) => void;
  /** Settings that count for this process alone. */
  settings?: Partial<Settings>;
  /** The system's proxy settings for a URL, in the words of PAC files; without it, the environment alone counts. */
  systemProxies?: (url: string) => Promise<string>;
  clock?: Clock;
  random?: () => number;
  /** Where drives are mounted now; as the system tells it by default. */
  volumes?: () => Promise<readonly string[]>;
};

export type App = {
  readonly dataFolder: string;
  readonly secretsKept: boolean;
  readonly accounts: Accounts;
  readonly proxyLogins: ProxyLogins;
  readonly queue: Queue;
  /** Tells Firn where files are now. */
  readonly relocation: Relocation;
  /** Looks for missing files on drives under another name. */
  readonly elsewhere: ElsewhereWatch;
  readonly uploads: UploadStore;
  readonly catalogue: CatalogueStore;
  /** Answers what takes long with many archives. */
  readonly catalogueReader: CatalogueReader;
  /** Carries uploads on, and knows how much the line carries. */
  readonly uploadWorker: UploadWorker;
  /** Accounts whose tasks wait for the user. */
  readonly accountWaits: AccountWaits;
  /** Runs the durable tasks of all kinds, and carries out what people want of them. */
  readonly engine: Engine;
  readonly feed: Feed<UploadId, UploadView>;
  readonly inventories: ServedInventories['inventories'];
  readonly inventoryStore: ServedInventories['store'];
  readonly inventoriesFeed: ServedInventories['feed'];
  /** Compares archives with their local files. */
  readonly checks: Checks;
  readonly retrievals: ServedRetrievals['retrievals'];
  readonly retrievalStore: ServedRetrievals['store'];
  readonly retrievalsFeed: ServedRetrievals['feed'];
  /** Deleting archives and emptying vaults. */
  readonly deleting: ServedChores['deleting'];
  readonly choresFeed: ServedChores['feed'];
  /** What the user must be told about Firn's own records. */
  readonly notices: NoticeBoard;
  /** What a thrown error means for a person. When the database is damaged, the queue stops and a notice tells so. */
  readonly failureOf: (error: unknown) => Failure;
  /** Archives the catalogue itself. */
  readonly copies: CatalogueCopies;
  /** Copies of it that inventories found in vaults, and their way back. */
  readonly copyReturns: CopyReturns;
  /** Writes the chosen archives into a new file, as `exportToFile` does. */
  exportCatalogue(choice: ArchiveChoice, format: ExportFormat, file: string): Promise<Result<Exported>>;
  /** Brings the archives that a file tells of into the catalogue, as the function of the same name does. */
  importCatalogue(file: string, home: ImportOptions['home']): Promise<Result<Imported>>;
  settings(): Settings;
  power(): Power;
  /** To be told where the power comes from, as often as one likes. */
  setPower(power: Power): void;
  changeSettings(changes: Partial<Settings>): Settings;
  /** To be told when the network is there again: what waited for it goes on at once. */
  networkBack(): void;
  /** To be told when the computer goes to sleep (`begin`) and when it wakes (`end`). */
  readonly sleep: Sleep;
  on<E extends keyof Events>(event: E, listener: (payload: Events[E]) => void): () => void;
  /** Stops what runs and closes everything; nothing may be used afterwards. */
  close(): Promise<void>;
};
