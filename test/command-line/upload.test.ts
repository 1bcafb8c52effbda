import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { catalogueCopyTime } from '../../shared/catalogue-copy.ts';
import { readLedger } from '../../main/practice/ledger.ts';
import { readDescription } from '../../shared/description.ts';
import { KiB, MiB, TiB } from '../../shared/units.ts';
import { FirnCommand } from '../support/firn-command.ts';
import { environmentFor, startPractice } from '../support/practice-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { treeHashByDefinition } from '../support/tree-hash-by-definition.ts';

async function world() {
  const folder = temporaryFolder();
  const practice = await startPractice(join(folder, 'practice'));
  onTestFinished(practice.kill);
  const firn = new FirnCommand(join(folder, 'data'), environmentFor(practice.url));
  const files = join(folder, 'files');
  mkdirSync(files);
  const write = (name: string, bytes: Buffer): string => {
    const path = join(files, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, bytes);
    return path;
  };
  expect((await firn.run('vault', 'create', 'photos')).code).toBe(0);
  return { folder, practice, firn, files, write };
}

test('names of every kind and sizes at every edge are stored as they are', async () => {
  const { firn, files, write } = await world();
  const longFolder = join('long'.padEnd(100, 'o'), 'folder'.padEnd(100, 'r'));
  const sizes: [string, number][] = [
    ['Agátka ve školce .cr2', 100 * KiB],
    [join(longFolder, 'name'.padEnd(100, 'e')), 1],
    [`"quoted" 'names'\nand a newline`, 1],
    ['space at the end ', 1],
    ['exactly one part', MiB],
    ['one part and a byte', MiB + 1],
    ['a byte less than two parts', 2 * MiB - 1],
    ['two parts and a byte', 2 * MiB + 1],
  ];
  const paths = new Map(sizes.map(([name, size]) => [write(name, randomBytes(size)), size]));
  const uploaded = await firn.run('upload', '--vault', 'photos', '--part-size', '1MiB', '--json', files);
  expect(uploaded.problems).toBe('');
  expect(uploaded.code).toBe(0);

  const stored = uploaded.rows.filter((row) => row['event'] === 'stored');
  expect(new Set(stored.map((row) => row['path']))).toEqual(new Set(paths.keys()));
  const { rows } = await firn.run('catalogue', '--json');
  expect(rows).toHaveLength(paths.size);
  for (const row of rows) {
    const path = String(row['path']);
    expect(row).toMatchObject({
      size: paths.get(path),
      vault: 'photos',
      treeHash: treeHashByDefinition(readFileSync(path)),
      archiveId: expect.stringMatching(/^[\w-]{138}$/) as string,
      storedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
    });
    expect(readDescription(String(row['description']))).toMatchObject({
      path,
      modifiedAt: Math.floor(statSync(path).mtimeMs / 1000) * 1000,
    });
    expect(stored.find((event) => event['path'] === path)).toMatchObject({
      archiveId: row['archiveId'],
      treeHash: row['treeHash'],
      size: row['size'],
      location: row['location'],
    });
  }
});

test('an empty file, a link and a missing one are refused in words and do not stop the others', async () => {
  const { firn, files, write } = await world();
  const empty = write('empty.raw', Buffer.alloc(0));
  const good = write('good.raw', randomBytes(10));
  symlinkSync(good, join(files, 'link.raw'));
  const { code, problems, output } = await firn.run('upload', '--vault', 'photos', files, join(files, 'missing.raw'));
  expect(output).toContain(`Stored ${good}`);
  expect(problems).toContain(`The file is empty: ${empty}`);
  expect(problems).toContain('This is a symbolic link, not a file');
  expect(problems).toContain('missing.raw is not there');
  expect(code).toBe(1);
});

test('a link below a folder alone is no reason to fail', async () => {
  const { firn, files, write } = await world();
  symlinkSync(write('good.raw', randomBytes(10)), join(files, 'link.raw'));
  expect((await firn.run('upload', '--vault', 'photos', files)).code).toBe(0);
});

test('what is there already is not uploaded again, unless it is asked for or the file has changed', async () => {
  const { firn, practice, write } = await world();
  const path = write('a.raw', randomBytes(10));
  const initiated = (): number =>
    readLedger(practice.folder).filter(({ operation }) => operation === 'InitiateMultipartUpload').length;
  await firn.run('upload', '--vault', 'photos', path);
  expect(initiated()).toBe(1);
  const second = await firn.run('upload', '--vault', 'photos', path);
  expect(second).toMatchObject({ code: 0, problems: '' });
  expect(second.output).toContain('1 already there');
  expect(initiated()).toBe(1);
  await firn.run('upload', '--vault', 'photos', '--again', path);
  expect(initiated()).toBe(2);
  writeFileSync(path, randomBytes(11));
  await firn.run('upload', '--vault', 'photos', path);
  expect(initiated()).toBe(3);
});

test('the catalogue itself goes into the vault as an archive that says what it is', async () => {
  const { firn, files, write } = await world();
  write('a.raw', randomBytes(10));
  await firn.run('upload', '--vault', 'photos', files);
  const archived = await firn.run('catalogue', 'archive', '--vault', 'photos', '--json');
  expect(archived).toMatchObject({ code: 0, problems: '' });
  const [newest] = (await firn.run('--json', 'catalogue')).rows;
  expect(catalogueCopyTime(String(newest?.['path']))).toBeGreaterThan(0);
  expect((await firn.run('catalogue', 'archive', '--vault', 'nowhere')).problems).toContain('no vault named "nowhere"');
});

test('bad input is answered with a sentence, and nothing is sent or queued', async () => {
  const { firn, practice, files, write } = await world();
  const path = write('a.raw', randomBytes(10));
  const huge = write('huge.raw', Buffer.alloc(1));
  truncateSync(huge, 1 * TiB);
  const before = readLedger(practice.folder).length;
  const says = async (words: string | RegExp, code: number, ...args: string[]): Promise<void> => {
    const result = await firn.run(...args);
    expect(result.problems).toMatch(words);
    expect(result.problems).not.toMatch(/at .*\.js:/);
    expect(result.code).toBe(code);
  };
  await says(
    /Glacier does not take parts of 3 MiB\. Choose 1 MiB/,
    2,
    'upload',
    '--vault',
    'photos',
    '--part-size',
    '3MiB',
    path,
  );
  await says(/"lots" is no part size/, 2, 'upload', '--vault', 'photos', '--part-size', 'lots', path);
  await says(
    /1 TiB does not fit into 10,000 parts of 1 MiB\. Choose parts of at least 128 MiB/,
    1,
    'upload',
    '--vault',
    'photos',
    '--part-size',
    '1MiB',
    huge,
  );
  await says(/There is no vault named "nowhere" in this region/, 1, 'upload', '--vault', 'nowhere', path);
  await says(/cannot name a vault/, 2, 'upload', '--vault', 'no/where', path);
  await says(/cannot name a vault/, 2, 'vault', 'create', 'two words');
  await says(/Say into which vault/, 2, 'upload', path);
  await says(/Say which files/, 2, 'upload', '--vault', 'photos');
  await says(/--parallel takes a number from 1 to 32/, 2, 'upload', '--vault', 'photos', '--parallel', '0', path);
  await says(/no command "firn updload". Did you mean "firn upload"/, 2, 'updload', path);
  await says(/"firn upload" has no option --vualt. Did you mean --vault/, 2, 'upload', '--vualt', 'photos', path);
  await says(/There is no upload, retrieval or deletion 123/, 1, 'cancel', '123');
  const sent = readLedger(practice.folder).slice(before);
  expect(sent.every(({ operation }) => operation === 'DescribeVault')).toBe(true);
  expect((await firn.run('queue', '--json')).rows).toEqual([]);
  expect(files).toBeTruthy();
});

test('a wrong secret lets the queue wait unharmed, and the right one lets it go on', async () => {
  const { firn, write } = await world();
  const path = write('a.raw', randomBytes(3 * MiB));
  const wrong = firn.with({ AWS_SECRET_ACCESS_KEY: 'wrong' });
  const refused = await wrong.run('upload', '--vault', 'photos', path);
  expect(refused.code).toBe(5);
  expect(refused.problems).toContain('Amazon does not accept these credentials');
  expect((await firn.run('queue', '--json')).rows).toMatchObject([{ path, phase: { kind: 'queued' }, hold: null }]);
  const right = await firn.run('run');
  expect(right).toMatchObject({ code: 0, problems: '' });
  expect(right.output).toContain(`Stored ${path}`);
});

test('missing credentials and a missing region are told, and no secret is ever printed', async () => {
  const { firn, write } = await world();
  const path = write('a.raw', randomBytes(10));
  const none = firn.with({ AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' });
  const missing = await none.run('upload', '--vault', 'photos', path);
  expect(missing.code).toBe(5);
  expect(missing.problems).toContain('There are no credentials for this account');
  const nowhere = await firn.with({ AWS_REGION: '' }).run('vault', 'list');
  expect(nowhere).toMatchObject({ code: 2, output: '' });
  expect(nowhere.problems).toContain('Say in which region');
  const secret = environmentFor('')['AWS_SECRET_ACCESS_KEY'] ?? '';
  const all = await firn.run('upload', '--vault', 'photos', path, '--json');
  expect(all.output + all.problems).not.toContain(secret);
});

test('without a network the queue waits and says so; afterwards it goes on', async () => {
  const { firn, write } = await world();
  const path = write('a.raw', randomBytes(10));
  const offline = firn
    .with({ AWS_ENDPOINT_URL_GLACIER: 'http://127.0.0.1:9' })
    .start('upload', '--vault', 'photos', '--json', path);
  let output = '';
  for await (const chunk of offline.stdout) {
    output += String(chunk);
    if (output.includes('"event":"waiting"')) break;
  }
  offline.kill('SIGTERM');
  expect(output).toContain('The service cannot be reached');
  expect((await firn.run('queue', '--json')).rows).toMatchObject([{ path, phase: { kind: 'queued' } }]);
});

test('with --json standard output is JSON lines only', async () => {
  const { firn, write } = await world();
  write('a.raw', randomBytes(10));
  const paths = [write('b.raw', randomBytes(2 * MiB)), write('empty', Buffer.alloc(0))];
  for (const args of [
    ['vault', 'list'],
    ['upload', '--vault', 'photos', ...paths],
    ['queue'],
    ['catalogue'],
    ['run'],
  ]) {
    const { output, rows } = await firn.run(...args, '--json');
    expect(output, args.join(' ')).not.toBe('');
    expect(rows.length, args.join(' ')).toBeGreaterThan(0);
  }
});
