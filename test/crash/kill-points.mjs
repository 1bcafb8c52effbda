// Loaded into Firn before its own code, by the crash marathon alone: names the moments around requests and commits, and
// kills the process at the one that FIRN_KILL_ORDERS names. Firn itself knows nothing of it.
import Database from 'better-sqlite3';
import fs, { appendFileSync } from 'node:fs';
import promises from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import threads from 'node:worker_threads';

/**
 * Where to die: at the n-th occurrence of a named point, or at the n-th point of whatever name. Each thread counts for itself.
 * @typedef {{ log: string, at: Record<string, number>, anyNth: number | null }} KillOrders
 */

/** @type {KillOrders} */
const orders = JSON.parse(process.env['FIRN_KILL_ORDERS'] ?? '{"log":"","at":{},"anyNth":null}');
/** @type {Map<string, number>} */
const reached = new Map();
let reachedInAll = 0;

function reach(/** @type {string} */ point) {
  const nth = (reached.get(point) ?? 0) + 1;
  reached.set(point, nth);
  reachedInAll += 1;
  if (orders.at[point] !== nth && orders.anyNth !== reachedInAll) return;
  appendFileSync(orders.log, `${JSON.stringify({ pid: process.pid, point })}\n`);
  process.kill(process.pid, 'SIGKILL');
}

// Requests, in the main thread and in the threads that send parts.

/** @type {readonly (readonly [method: string, path: RegExp, operation: string])[]} */
const operations = [
  ['GET', /\/vaults\/[^/]+$/, 'DescribeVault'],
  ['DELETE', /\/vaults\/[^/]+$/, 'DeleteVault'],
  ['DELETE', /\/archives\/[^/]+$/, 'DeleteArchive'],
  ['POST', /\/multipart-uploads$/, 'InitiateMultipartUpload'],
  ['GET', /\/multipart-uploads$/, 'ListMultipartUploads'],
  ['PUT', /\/multipart-uploads\/[^/]+$/, 'UploadMultipartPart'],
  ['GET', /\/multipart-uploads\/[^/]+$/, 'ListParts'],
  ['POST', /\/multipart-uploads\/[^/]+$/, 'CompleteMultipartUpload'],
  ['DELETE', /\/multipart-uploads\/[^/]+$/, 'AbortMultipartUpload'],
  ['POST', /\/jobs$/, 'InitiateJob'],
  ['GET', /\/jobs$/, 'ListJobs'],
  ['GET', /\/jobs\/[^/]+$/, 'DescribeJob'],
  ['GET', /\/jobs\/[^/]+\/output$/, 'GetJobOutput'],
];

function operationOf(/** @type {string} */ method, /** @type {string} */ path) {
  return operations.find(([wanted, pattern]) => wanted === method && pattern.test(path))?.[2] ?? 'another request';
}

/** The parts of a request that the points need; the overloads of `request` differ in the rest. */
function watchRequests(/** @type {{ request: Function }} */ module) {
  const { request } = module;
  module.request = (
    /** @type {URL} */ url,
    /** @type {http.RequestOptions} */ options,
    /** @type {unknown[]} */ ...more
  ) => {
    const operation = operationOf(options?.method ?? 'GET', url.pathname ?? '');
    reach(`before ${operation}`);
    /** @type {http.ClientRequest} */
    const made = request(url, options, ...more);
    // The head of the answer is read, and nobody has looked at it yet.
    made.once('response', () => {
      reach(`after ${operation} answered`);
    });
    if (operation === 'UploadMultipartPart') watchBody(made);
    if (operation === 'GetJobOutput') made.once('response', watchOutput);
    return made;
  };
}

/** Some of the body has gone to the system; of a body of one slice, all. */
function watchBody(/** @type {http.ClientRequest} */ request) {
  const write = request.write.bind(request);
  request.write = (/** @type {any} */ slice, /** @type {any} */ done) =>
    write(slice, (/** @type {Error | null | undefined} */ error) => {
      reach('within UploadMultipartPart');
      done(error);
    });
}

/** Some of an output has come, and nobody has looked at it yet. */
function watchOutput(/** @type {http.IncomingMessage} */ answer) {
  const emit = answer.emit.bind(answer);
  answer.emit = (/** @type {string} */ event, /** @type {any[]} */ ...values) => {
    if (event === 'data') reach('within GetJobOutput');
    return emit(event, ...values);
  };
}

// Commits, in the main thread.

/** What a statement that writes is about; the first that fits names its commit. @type {readonly (readonly [RegExp, string])[]} */
const statements = [
  [/CREATE TABLE/, 'migration'],
  [/INSERT INTO upload \(/, 'added uploads'],
  [/INSERT INTO piece\b/, 'part'],
  [/DELETE FROM piece\b/, 'forgotten parts'],
  [/(INSERT|REPLACE) INTO inventory_job\b/, 'inventory job'],
  [/DELETE FROM inventory_job\b/, 'forgotten inventory job'],
  [/INTO journal_mark\b/, 'agreement with the journal'],
  [/INSERT INTO account\b/, 'account'],
  // Without a line in the journal: a fact, not an event.
  [/UPDATE retrieval SET phase\b/, 'temporary file'],
  [/UPDATE inventory SET reconciled\b/, 'inventory: compared'],
  [/UPDATE catalogue SET missing_at\b/, 'missing archives'],
  [/INSERT INTO (deletion|emptying) \(/, 'added chores'],
];
/** Reads, and what lives no longer than the process. */
const passing = /^\s*(SELECT|PRAGMA|BEGIN|ROLLBACK|SAVEPOINT|RELEASE|EXPLAIN|INSERT OR IGNORE INTO told)\b/i;
/** What the open transaction has written so far. @type {string | null} */
let written = null;

/** Tells of each write of the open transaction, before it is done. @param {import('better-sqlite3').Database} database */
function note(database, /** @type {string} */ sql, /** @type {readonly any[]} */ values) {
  written = subjectOf(database, sql, values) ?? written;
  written ??=
    statements.find(([pattern]) => pattern.test(sql))?.[1] ??
    (passing.test(sql) ? null : `another change: ${sql.slice(0, 60)}`);
}

/** What the whole transaction is about, if this statement tells. @param {import('better-sqlite3').Database} database */
function subjectOf(database, /** @type {string} */ sql, /** @type {readonly any[]} */ values) {
  if (/INSERT INTO task_event\b/.test(sql)) {
    const [{ id, event }] = values;
    return `${kindOf(database, id)}: ${JSON.parse(event).kind}`;
  }
  if (/INSERT INTO piece\b/.test(sql)) return kindOf(database, values[0].id) === 'upload' ? 'part' : 'verified range';
  if (/INSERT INTO retrieval \(/.test(sql)) return 'added retrievals';
  if (/INSERT INTO inventory \(/.test(sql)) return 'inventory: wanted';
  return /UPDATE (deletion|emptying) SET deleted = deleted\b/.test(sql) ? 'deleted archives' : null;
}

/** @returns {string} @param {import('better-sqlite3').Database} database @param {string} id */
function kindOf(database, id) {
  const task = database.prepare('SELECT kind FROM task WHERE id = ?').get(id);
  return /** @type {any} */ (task).kind;
}

/** @template T */
function committing(/** @type {() => T} */ commit) {
  const what = written;
  written = null;
  if (what === null) return commit();
  reach(`before commit of ${what}`);
  const result = commit();
  reach(`after commit of ${what}`);
  return result;
}

function watchCommits() {
  const db = new Database(':memory:');
  /** @type {Record<'run' | 'get' | 'all', Function>} */
  const statement = Object.getPrototypeOf(db.prepare('SELECT 1'));
  db.close();
  for (const method of /** @type {const} */ (['run', 'get', 'all'])) {
    const original = statement[method];
    /** @this {import('better-sqlite3').Statement} */
    statement[method] = function (/** @type {unknown[]} */ ...values) {
      const execute = () => original.apply(this, values);
      if (/^COMMIT\b/.test(this.source)) return committing(execute);
      if (passing.test(this.source)) return execute();
      note(this.database, this.source, values);
      return this.database.inTransaction ? execute() : committing(execute);
    };
  }
  const { exec } = Database.prototype;
  Database.prototype.exec = function (/** @type {string} */ sql) {
    if (/CREATE TABLE/.test(sql)) note(this, sql, []);
    return exec.call(this, sql);
  };
}

// Lines of the journal of archives, written while the commit that they belong to is being made.

function watchJournal() {
  const { writeFileSync } = fs;
  fs.writeFileSync = (file, data, options) => {
    const isLine = typeof file === 'number' && String(data).includes('"archiveId"');
    if (isLine) reach('before a line of the journal');
    writeFileSync(file, data, options);
    if (isLine) reach('after a line of the journal');
  };
}

// Retrieved files: bytes that become durable, and names that they get.

/** The methods differ in all but that they return a promise. @param {any} object @param {string} method @param {string} point */
function watchPromise(object, method, point) {
  const original = object[method];
  object[method] = async function (/** @type {unknown[]} */ ...values) {
    reach(`before ${point}`);
    const result = await original.apply(this, values);
    reach(`after ${point}`);
    return result;
  };
}

async function watchFiles() {
  const handle = await promises.open(process.execPath);
  watchPromise(Object.getPrototypeOf(handle), 'datasync', 'bytes are on disk');
  await handle.close();
  for (const method of ['link', 'unlink', 'rm', 'rename', 'utimes'])
    watchPromise(promises, method, `${method} of a file`);
}

// Electron does not hand `--import` on to its threads.
function followThreads() {
  const { Worker } = threads;
  threads.Worker = class extends Worker {
    constructor(/** @type {string | URL} */ file, /** @type {threads.WorkerOptions} */ options = {}) {
      super(file, { ...options, execArgv: ['--import', import.meta.url] });
    }
  };
}

watchRequests(http);
watchRequests(https);
if (threads.isMainThread) watchCommits();
if (threads.isMainThread) watchJournal();
if (threads.isMainThread) await watchFiles();
if (process.versions['electron'] !== undefined && threads.isMainThread) followThreads();
syncBuiltinESMExports();
