// Compiles the addon that computes a part's hashes (main/transfer/native) into out/main: for this computer, and for packages
// also for others. Firn does without it where there is no compiler; what is compiled is kept in .local/.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { inLocal, inRoot } from '../set-up/project.mjs';
import { capture } from '../set-up/run.mjs';
import { say } from '../set-up/say.mjs';

const sources = inRoot('main', 'transfer', 'native');
const host = `${process.platform}-${process.arch}`;
const forArm = '-march=armv8-a+crypto';
const forMac = ['-bundle', '-undefined', 'dynamic_lookup'];

/**
 * How the addon is compiled for each kind of computer; the first word is the compiler, where it is not this computer's own.
 * @type {Record<string, readonly string[]>}
 */
const compilers = {
  'linux-x64': ['x86_64-linux-gnu-gcc', '-shared', '-fPIC'],
  'linux-arm64': ['aarch64-linux-gnu-gcc', '-shared', '-fPIC', forArm],
  'win32-x64': ['x86_64-w64-mingw32-gcc', '-shared', '-static-libgcc', '-DNAPI_EXTERN='],
  'win32-arm64': ['aarch64-w64-mingw32-gcc', '-shared', '-static-libgcc', '-DNAPI_EXTERN=', forArm],
  ...(process.platform === 'darwin' && {
    'darwin-x64': ['cc', ...forMac, '-arch', 'x86_64'],
    'darwin-arm64': ['cc', ...forMac, '-arch', 'arm64', forArm],
  }),
};

/** Leaves `out/main` without the addon when it cannot be made, and says so. */
export async function buildPartHash() {
  if (compilers[host] === undefined || process.platform === 'win32') return;
  const problem = await build(host);
  if (problem !== null) say(`build: hashing stays in JavaScript, for cc could not compile: ${problem}`);
}

/** For every kind of computer that there is a compiler for. */
export async function buildPartHashes() {
  const missing = [];
  for (const target of Object.keys(compilers)) if ((await build(target)) !== null) missing.push(target);
  if (missing.length > 0) say(`dist: hashing stays in JavaScript on ${missing.join(', ')}, for want of a compiler`);
}

/** What stood in the way; null when the addon is in `out/main`. */
async function build(/** @type {string} */ target) {
  const [cross = '', ...options] = compilers[target] ?? [];
  const compiler = target === host ? 'cc' : cross;
  const common = ['-O2', '-std=c11', '-fvisibility=hidden', ...options];
  const kept = inLocal('native', `part-hash-${target}-${keyOf(common)}.node`);
  if (!fs.existsSync(kept)) {
    fs.mkdirSync(path.dirname(kept), { recursive: true });
    const files = fs.readdirSync(sources).filter((name) => name.endsWith('.c'));
    const include = `-I${inRoot('node_modules', 'node-api-headers', 'include')}`;
    const half = `${kept}.${process.pid}`;
    const args = [...common, include, '-o', half, ...files.map((name) => path.join(sources, name))];
    const { code, output } = await capture(compiler, args);
    if (code !== 0) return String(output.split('\n')[0]);
    fs.renameSync(half, kept);
  }
  fs.copyFileSync(kept, inRoot('out', 'main', `part-hash-${target}.node`));
  return null;
}

function keyOf(/** @type {readonly string[]} */ args) {
  const key = createHash('sha256').update(args.join(' '));
  for (const name of fs.readdirSync(sources).sort()) key.update(fs.readFileSync(path.join(sources, name)));
  return key.digest('hex').slice(0, 16);
}
