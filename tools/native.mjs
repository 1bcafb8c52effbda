// Makes better-sqlite3 loadable. Its own binaries want Node-API 10; where Node or Electron has less, they crash on first
// use, so the package's sources are compiled once with a compatibility header and the result is kept in .local/.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { inLocal, inRoot } from './set-up/project.mjs';
import { run } from './set-up/run.mjs';
import { Obstacle, say } from './set-up/say.mjs';

const WANTED_NODE_API = 10;
const sqlite = inRoot('node_modules', 'better-sqlite3');
const compat = inRoot('tools', 'native', 'napi9-compat.h');
/** The library looks here before it looks at its own binaries. */
const installed = path.join(sqlite, 'build', 'Release', 'better_sqlite3.node');

const common = ['-c', '-O1', '-w', '-fPIC', '-fvisibility=hidden', '-DNDEBUG'];
const forC = [...common, '-std=gnu99'];
const forCpp = [
  ...[...common, '-std=c++20', '-fno-exceptions', '-fno-rtti', '-DBUILDING_NODE_EXTENSION'],
  ...['-DNAPI_DISABLE_CPP_EXCEPTIONS', '-DNODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS'],
];
const forLinking = ['-shared', '-Wl,-Bsymbolic', '-Wl,--exclude-libs,ALL', '-ldl', '-lpthread'];

/** Whether this Node, or an Electron with that version of Node-API, needs the compiled binary. */
export function needsNativeBuild(electronNodeApi = WANTED_NODE_API) {
  return Math.min(Number(process.versions.napi), electronNodeApi) < WANTED_NODE_API;
}

/** Where the binary for the installed sources is kept; the name changes with all that it is made from. */
function cachedBinary() {
  const key = createHash('sha256')
    .update(fs.readFileSync(compat))
    .update([...forC, ...forCpp, ...forLinking].join(' '));
  for (const name of ['better-sqlite3', 'node-addon-api', 'node-api-headers'])
    key.update(fs.readFileSync(inRoot('node_modules', name, 'package.json')));
  return inLocal('native', `better_sqlite3-${process.arch}-${key.digest('hex').slice(0, 16)}.node`);
}

/** Whether the binary must still be compiled, which takes a C++ compiler. */
export function needsCompiler(electronNodeApi = WANTED_NODE_API) {
  if (!needsNativeBuild(electronNodeApi) || process.platform !== 'linux') return false;
  return !fs.existsSync(inRoot('node_modules', 'better-sqlite3')) || !fs.existsSync(cachedBinary());
}

/** Puts a binary into place that this Node and that Electron can load; does nothing when they can load the package's own. */
export async function installNativeBinary(electronNodeApi = WANTED_NODE_API) {
  if (!needsNativeBuild(electronNodeApi)) return;
  if (process.platform !== 'linux')
    throw new Obstacle(
      `Node ${process.versions.node} is too old for better-sqlite3's binary: install Node 22.14 or later.`,
    );
  const binary = cachedBinary();
  if (!fs.existsSync(binary)) await compile(binary);
  if (!isSame(binary, installed)) {
    copyWhole(binary, installed);
    say(`set-up: installed better-sqlite3 for Node-API ${process.versions.napi}`);
  }
}

async function compile(/** @type {string} */ binary) {
  const startedAt = Date.now();
  say('set-up: compiling better-sqlite3 for Node-API 9 (half a minute, once) …');
  const work = inLocal('compiling');
  fs.rmSync(work, { recursive: true, force: true });
  fs.mkdirSync(work, { recursive: true });
  fs.mkdirSync(path.dirname(binary), { recursive: true });
  const folder = fs.mkdtempSync(path.join(work, 'compiler-'));
  try {
    const objects = ['sqlite3.o', 'better_sqlite3.o'].map((name) => path.join(folder, name));
    const [c, cpp] = /** @type {[string, string]} */ (objects);
    const results = await Promise.allSettled([compileSqlite(c), compileBinding(cpp)]);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
    const linked = path.join(folder, 'better_sqlite3.node');
    await run('g++', ['-o', linked, ...objects, ...forLinking]);
    fs.renameSync(linked, binary);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
  say(`set-up: compiled better-sqlite3 in ${Math.round((Date.now() - startedAt) / 1000)} s`);
}

function compileSqlite(/** @type {string} */ object) {
  const options = fs.readFileSync(path.join(sqlite, 'deps', 'defines.gypi'), 'utf8');
  const defines = [...options.matchAll(/'((?:HAVE|SQLITE)_[^']+)'/g)].map(([, define]) => `-D${String(define)}`);
  return run('gcc', [...forC, ...defines, '-o', object, path.join(sqlite, 'deps', 'sqlite3', 'sqlite3.c')]);
}

function compileBinding(/** @type {string} */ object) {
  const headers = [
    inRoot('node_modules', 'node-api-headers', 'include'),
    inRoot('node_modules', 'node-addon-api'),
    path.join(sqlite, 'deps', 'sqlite3'),
  ];
  const include = headers.map((folder) => `-I${folder}`);
  const source = path.join(sqlite, 'src', 'better_sqlite3.cpp');
  return run('g++', [...forCpp, ...include, '-include', compat, '-o', object, source]);
}

function isSame(/** @type {string} */ a, /** @type {string} */ b) {
  return (
    fs.existsSync(b) && fs.statSync(a).size === fs.statSync(b).size && fs.readFileSync(a).equals(fs.readFileSync(b))
  );
}

/** Never leaves half a file, and does not disturb a process that has the old one loaded. */
function copyWhole(/** @type {string} */ from, /** @type {string} */ to) {
  fs.mkdirSync(path.dirname(to), { recursive: true });
  const whole = `${to}.${process.pid}`;
  fs.copyFileSync(from, whole);
  fs.renameSync(whole, to);
}
