import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readLedger } from '../../main/practice/ledger.ts';
import { FirnCommand } from '../support/firn-command.ts';
import { environmentFor, startPractice } from '../support/practice-process.ts';
import { MFA_DEVICE, startSignInService, studioProfile } from '../support/sign-in-service.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { hasTerminal } from '../support/terminal.ts';

async function world() {
  const folder = temporaryFolder();
  const practice = await startPractice(join(folder, 'practice'));
  onTestFinished(practice.kill);
  const firn = new FirnCommand(join(folder, 'data'), environmentFor(practice.url));
  return { folder, practice, firn };
}

/** A catalogue of somebody else that tells of accounts with these names, at this service. */
function strangersCatalogue(folder: string, endpointUrl: string, names: readonly string[]): string {
  const file = join(folder, 'catalogue.jsonl');
  const lines = names.map((name, index) => {
    const account = { id: `stranger-${index}`, name, source: { kind: 'environment' }, endpointUrl };
    const archive = { archiveId: String(index).padEnd(138, 'A'), size: 5, treeHash: 'a'.repeat(64), description: '' };
    const where = { vault: 'photos', region: ['us-east-1', 'eu-west-1'][index], location: '' };
    const told = { at: '2026-01-01T00:00:00.000Z', event: 'stored', uploadId: null, toldBy: 'upload' };
    return JSON.stringify({ ...told, ...where, path: `/photos/${index}.raw`, modifiedNs: null, ...archive, account });
  });
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

describe('firn confirm-account', () => {
  async function imported(...names: string[]) {
    const { folder, practice, firn } = await world();
    const { code, problems } = await firn.run('catalogue', 'import', strangersCatalogue(folder, practice.url, names));
    expect(code, problems).toBe(0);
    return { firn, practice };
  }

  const sources = async (firn: FirnCommand): Promise<unknown[]> =>
    (await firn.run('accounts', '--json')).rows.map(({ source }) => (source as { kind: string }).kind);

  test('says which service it is about, and confirms nothing where nobody can be asked', async () => {
    const { firn, practice } = await imported('Backup');
    const { code, output, problems } = await firn.run('confirm-account', 'Backup');
    expect([code, problems]).toEqual([6, expect.stringContaining('It was not confirmed. Say --yes')]);
    expect(output).toContain(practice.url);
    expect([await sources(firn), readLedger(practice.folder)]).toEqual([['imported'], []]);
  });

  test.runIf(hasTerminal)('asks at a terminal, and does what is answered', async () => {
    const { firn, practice } = await imported('Backup');
    const ask = (type: string) => firn.atTerminal(['confirm-account', 'Backup'], [{ to: /Confirm it\?/, type }]);
    const no = await ask('no');
    expect([no.code, no.shown]).toEqual([6, expect.stringContaining('It was not confirmed.')]);
    expect([await sources(firn), readLedger(practice.folder)]).toEqual([['imported'], []]);
    const yes = await ask('yes');
    expect([yes.code, yes.shown]).toEqual([0, expect.stringContaining('Confirmed Backup.')]);
    expect(await sources(firn)).toEqual(['environment']);
  });

  test('names those that wait when none or several are meant', async () => {
    const { firn } = await imported('Backup', 'Backup');
    const none = await firn.run('confirm-account', 'Nothing', '--yes');
    expect([none.code, none.problems]).toEqual([2, expect.stringContaining('No such account waits for it.')]);
    const several = await firn.run('confirm-account', 'Backup', '--yes');
    expect([several.code, several.problems]).toEqual([2, expect.stringContaining('Several accounts have that name')]);
    const ids = (await firn.run('accounts', '--json')).rows.map(({ id }) => String(id));
    for (const id of ids) expect(several.problems).toContain(id);
    expect(await firn.run('confirm-account', ids[0] ?? '', '--yes')).toMatchObject({ code: 0 });
  });

  test('keeps an account waiting whose credentials are not accepted', async () => {
    const { firn } = await imported('Backup');
    const refused = await firn.with({ AWS_SECRET_ACCESS_KEY: 'another' }).run('confirm-account', 'Backup', '--yes');
    expect(refused).toMatchObject({ code: 5 });
    expect(await sources(firn)).toEqual(['imported']);
  });
});

describe('the code of an MFA device', () => {
  async function studio() {
    const { folder, practice } = await world();
    const service = await startSignInService();
    onTestFinished(() => void service.server.close());
    const env = { ...studioProfile(folder, service), AWS_ENDPOINT_URL_GLACIER: practice.url };
    return { firn: new FirnCommand(join(folder, 'data'), env), service };
  }

  const list = ['vault', 'list', '--profile', 'studio'];

  test('is not sent where nobody can be asked, and what to do is said', async () => {
    const { firn, service } = await studio();
    const { code, problems } = await firn.run(...list);
    expect([code, problems]).toEqual([5, expect.stringContaining('asks for the code of an MFA device')]);
    expect(service.bodies).toEqual([]);
  });

  test.runIf(hasTerminal)('is asked for at a terminal, and sent as it was typed', async () => {
    const { firn, service } = await studio();
    const question = new RegExp(`Code of the MFA device ${MFA_DEVICE} for the profile studio: `);
    const { code, shown } = await firn.atTerminal(list, [{ to: question, type: ' 123456 ' }]);
    expect(code, shown).toBe(0);
    expect(service.bodies).toEqual([expect.stringContaining('TokenCode=123456')]);
  });

  test.runIf(hasTerminal)('that is none is not sent', async () => {
    const { firn, service } = await studio();
    expect(await firn.atTerminal(list, [{ to: /Code of/, type: '12345' }])).toMatchObject({ code: 5 });
    expect(service.bodies).toEqual([]);
  });
});
