import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, vi } from 'vitest';
import { readArguments } from '../../main/command-line/arguments.ts';
import { EXIT, type ExitCode } from '../../main/command-line/exit-code.ts';
import { Output } from '../../main/command-line/output.ts';
import { retrieve } from '../../main/command-line/retrieve.ts';
import type { Shell } from '../../main/commands/shell.ts';
import { retrievalCommands } from '../../main/commands/retrievals.ts';
import { Selections } from '../../main/commands/selections.ts';
import { type ArchiveChoice, type ChoiceToken, everyArchive } from '../../shared/archive.ts';
import { FIRN_PRICES, type PriceTable } from '../../shared/prices.ts';
import type { Failure } from '../../shared/failure.ts';
import { MINUTE } from '../../shared/units.ts';
import { RetrievalWorld } from '../support/retrieval-world.ts';

const everything: ArchiveChoice = { kind: 'matching', ...everyArchive, except: [] };
const asked = { tier: 'Standard', onExisting: 'ask' } as const;

class Listener extends Output {
  readonly failures: Failure[] = [];

  override failure(failure: Failure): ExitCode {
    this.failures.push(failure);
    return EXIT.failed;
  }
}

async function worldOf(archives: number): Promise<RetrievalWorld> {
  const here = await RetrievalWorld.open();
  for (let n = 1; n <= archives; n += 1) await here.store(`${n}.raw`, 1000);
  return here;
}

const preview = (here: RetrievalWorld, changes: { folder?: string | null } = {}) =>
  here.world.app.retrievals.preview(everything, { range: null, folder: here.target, ...changes });

const enqueue = (here: RetrievalWorld, token: ChoiceToken) => here.world.app.retrievals.enqueue(token, asked);

/** The names of what is queued. */
const queued = (here: RetrievalWorld): string[] =>
  here.world.app.retrievalStore
    .list()
    .map(({ path }) => path?.split('/').at(-1) ?? '')
    .sort();

/** Something else, as another part of Firn would, while somebody thinks about the quote. */
function write(here: RetrievalWorld, sql: string): void {
  const db = new Database(join(here.world.dataFolder, 'firn.db'));
  db.exec(sql);
  db.close();
}

async function refusal(here: RetrievalWorld, token: ChoiceToken): Promise<string> {
  const added = await enqueue(here, token);
  if (added.ok) throw new Error('not refused');
  const failure: Failure = added.failure;
  expect(queued(here)).toEqual([]);
  return failure.kind === 'choice-changed' ? failure.detail : failure.kind;
}

/** As if practice archives cost what Amazon's do. */
const dear = (factor: number): PriceTable => ({
  ...FIRN_PRICES,
  regions: Object.fromEntries(
    Object.entries(FIRN_PRICES.regions).map(([name, prices]) => [
      name,
      { ...prices, transferPerGb: prices.transferPerGb * factor },
    ]),
  ),
});

describe('What was quoted', () => {
  it('is what is retrieved: archives that came to match since stay', async () => {
    const here = await worldOf(2);
    const { token, archives } = await preview(here);
    await here.store('3.raw', 1000);
    expect(await enqueue(here, token)).toMatchObject({ value: { added: 2 } });
    expect([archives, queued(here)]).toEqual([2, ['1.raw', '2.raw']]);
  });

  it('is not retrieved at all when some of it is gone since, and the words say how many', async () => {
    const here = await worldOf(3);
    const { token } = await preview(here);
    write(here, `DELETE FROM catalogue WHERE path LIKE '%2.raw'`);
    expect(await refusal(here, token)).toBe('1 archive of the 3 archives has left the catalogue since.');
  });

  it.each([
    [`UPDATE catalogue SET missing_at = 5 WHERE path LIKE '%2.raw'`, '1 archive of those that were shown cannot'],
    [`UPDATE catalogue SET size = 5000 WHERE path LIKE '%2.raw'`, 'The catalogue tells something else of some of'],
    [`UPDATE catalogue SET path = '/x' WHERE path LIKE '%2.raw'`, 'The catalogue tells something else of some of'],
  ])('is not retrieved when archives have changed since: %s', async (sql, words) => {
    const here = await worldOf(2);
    const { token } = await preview(here);
    write(here, sql);
    expect(await refusal(here, token)).toContain(words);
  });

  it('is not retrieved when more would be asked for, as what was on the way was cancelled since', async () => {
    const here = await worldOf(2);
    const { token: first } = await preview(here);
    here.world.app.sleep.begin();
    await enqueue(here, first);
    const { token, alreadyThere } = await preview(here);
    await here.world.app.retrievals.cancel('all');
    await here.world.app.retrievals.clear();
    expect([alreadyThere, await refusal(here, token)]).toEqual([2, expect.stringMatching(/^2 archives more would be/)]);
  });

  it('is not retrieved when it would cost more than was shown, and both prices are named; cheaper is no matter', async () => {
    const here = await worldOf(1);
    write(here, `UPDATE catalogue SET size = ${100 * 1024 ** 3}`);
    const { token } = await preview(here);
    here.world.app.changeSettings({ prices: dear(2) });
    expect(await refusal(here, token)).toMatch(
      /^It would cost \$\S+ now, and \$\S+ was shown: the prices have changed\.$/,
    );
    here.world.app.changeSettings({ prices: dear(0.5) });
    here.world.app.sleep.begin();
    expect(await enqueue(here, token)).toMatchObject({ value: { added: 1 } });
  });

  it('is forgotten after an hour, and when Firn is started again', async () => {
    const here = await worldOf(1);
    const first = await preview(here);
    here.world.pass(59 * MINUTE);
    const second = await preview(here);
    here.world.pass(2 * MINUTE);
    expect(await refusal(here, first.token)).toContain('too long ago');
    await here.world.restart();
    expect(await refusal(here, second.token)).toContain('too long ago');
  });

  it('without a folder is not retrieved', async () => {
    const here = await worldOf(1);
    expect(await refusal(here, (await preview(here, { folder: null })).token)).toBe('invalid-input');
  });
});

describe('What has changed since it was quoted is refused as well', () => {
  it('by the command line, which says what to do', async () => {
    const here = await worldOf(2);
    const { app } = here.world;
    const look = app.retrievals.preview.bind(app.retrievals);
    vi.spyOn(app.retrievals, 'preview').mockImplementation(async (...of) => {
      const quoted = await look(...of);
      write(here, `DELETE FROM catalogue WHERE path LIKE '%2.raw'`);
      return quoted;
    });
    const read = readArguments(['retrieve', '--yes', '--to', here.target, '--all'], {});
    if (!read.ok || read.value.command.kind !== 'retrieve') throw new Error('not understood');
    const output = new Listener({ json: false, quiet: true });
    expect(await retrieve(app, read.value.command, output)).not.toBe(EXIT.done);
    expect(output.failures).toEqual([expect.objectContaining({ kind: 'choice-changed' })]);
    expect(queued(here)).toEqual([]);
  });

  it('by what the window asks', async () => {
    const here = await worldOf(2);
    const shell = { chooseTarget: () => Promise.resolve(here.target) } as unknown as Shell;
    const commands = retrievalCommands(here.world.app, shell, new Selections());
    const folder = await commands['retrievals:choose-folder']({});
    const wanted = { choice: everything, range: null, copies: 'each', folderId: folder?.id ?? null } as const;
    const { token } = await commands['retrievals:preview'](wanted);
    await here.store('3.raw', 1000);
    expect(await commands['retrievals:enqueue']({ token, ...asked })).toMatchObject({ added: 2 });
    const later = await commands['retrievals:preview'](wanted);
    write(here, `DELETE FROM catalogue WHERE path LIKE '%3.raw'`);
    await expect(commands['retrievals:enqueue']({ token: later.token, ...asked })).rejects.toThrow();
    expect(queued(here)).toEqual(['1.raw', '2.raw']);
  });
});
