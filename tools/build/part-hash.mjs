// Compiles the addon that computes a part's hashes (main/transfer/native) for this computer into out/main. Firn does without
// it where there is no compiler; what is compiled is kept in .local/.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { inLocal, inRoot } from '../set-up/project.mjs';
import { capture } from '../set-up/run.mjs';
import { say } from '../set-up/say.mjs';

const sources = inRoot('main', 'transfer', 'native');
const target = inRoot('out', 'main', `part-hash-${process.platform}-${process.arch}.node`);

/** @type {Record<string, readonly string[]>} */
const options = {
  linux: ['-shared', '-fPIC'],
  darwin: ['-bundle', '-undefined', 'dynamic_lookup'],
};
/** @type {Record<string, readonly string[]>} */
const architectures = { x64: [], arm64: ['-march=armv8-a+crypto'] };

/** Leaves `out/main` without the addon when it cannot be made, and says so. */
export async function buildPartHash() {
  const forSystem = options[process.platform];
  const forProcessor = architectures[process.arch];
  if (forSystem === undefined || forProcessor === undefined) return;
  const common = ['-O2', '-std=c11', '-fvisibility=hidden', ...forSystem, ...forProcessor];
  const kept = inLocal('native', `part-hash-${process.arch}-${keyOf(common)}.node`);
  if (!fs.existsSync(kept)) {
    fs.mkdirSync(path.dirname(kept), { recursive: true });
    const files = fs.readdirSync(sources).filter((name) => name.endsWith('.c'));
    const include = `-I${inRoot('node_modules', 'node-api-headers', 'include')}`;
    const half = `${kept}.${process.pid}`;
    const args = [...common, include, '-o', half, ...files.map((name) => path.join(sources, name))];
    const { code, output } = await capture('cc', args);
    if (code !== 0)
      return say(`build: hashing stays in JavaScript, for cc could not compile: ${output.split('\n')[0]}`);
    fs.renameSync(half, kept);
  }
  fs.copyFileSync(kept, target);
}

function keyOf(/** @type {readonly string[]} */ args) {
  const key = createHash('sha256').update(args.join(' '));
  for (const name of fs.readdirSync(sources).sort()) key.update(fs.readFileSync(path.join(sources, name)));
  return key.digest('hex').slice(0, 16);
}
