// Loaded into Firn before its own code, by the crash marathon alone: names the moments around requests and commits, and
// kills the process at the one that FIRN_KILL_ORDERS names. Firn itself knows nothing of it.
import Database from 'better-sqlite3';
import fs, { appendFileSync } from 'node:fs';
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
  ['POST', /\/multipart-uploads$/, 'InitiateMultipartUpload'],
  ['GET', /\/multipart-uploads$/, 'ListMultipartUploads'],
  ['PUT', /\/multipart-uploads\/[^/]+$/, 'UploadMultipartPart'],
  ['GET', /\/multipart-uploads\/[^/]+$/, 'ListParts'],
  ['POST', /\/multipart-uploads\/[^/]+$/, 'CompleteMultipartUpload'],
  ['DELETE', /\/multipart-uploads\/[^/]+$/, 'AbortMultipartUpload'],
  ['POST', /\/jobs$/, 'InitiateJob'],
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

// Commits, in the main thread.

/** What a statement that writes is about; the first that fits names its commit. @type {readonly (readonly [RegExp, string])[]} */
const statements = [
  [/CREATE TABLE/, 'migration'],
  [/INSERT INTO upload \(/, 'added uploads'],
  [/INSERT INTO part\b/, 'part'],
  [/DELETE FROM part\b/, 'forgotten parts'],
  [/(INSERT|REPLACE) INTO inventory_job\b/, 'inventory job'],
  [/DELETE FROM inventory_job\b/, 'forgotten inventory job'],
  [/INTO journal_mark\b/, 'agreement with the journal'],
  [/INSERT INTO account\b/, 'account'],
];
/** Reads, and what lives no longer than the process. */
const passing = /^\s*(SELECT|PRAGMA|BEGIN|ROLLBACK|SAVEPOINT|RELEASE|EXPLAIN|INSERT OR IGNORE INTO told)\b/i;
/** What the open transaction has written so far. @type {string | null} */
let written = null;

function note(/** @type {string} */ sql, /** @type {readonly unknown[]} */ values) {
  if (/INSERT INTO upload_event\b/.test(sql)) {
    const event = values.find((value) => typeof value === 'string' && value.startsWith('{'));
    written = JSON.parse(String(event)).kind;
  }
  written ??=
    statements.find(([pattern]) => pattern.test(sql))?.[1] ??
    (passing.test(sql) ? null : `another change: ${sql.slice(0, 60)}`);
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
      note(this.source, values);
      return this.database.inTransaction ? execute() : committing(execute);
    };
  }
  const { exec } = Database.prototype;
  Database.prototype.exec = function (/** @type {string} */ sql) {
    if (/CREATE TABLE/.test(sql)) note(sql, []);
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
if (process.versions['electron'] !== undefined && threads.isMainThread) followThreads();
syncBuiltinESMExports();
