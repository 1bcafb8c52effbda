import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { importCatalogue } from '../../main/catalogue/import.ts';
import { Reconciliation, noFindings } from '../../main/store/reconciliation.ts';
import type { AccountId } from '../../shared/account.ts';
import { ok } from '../../shared/result.ts';
import { archiveId, archiveRow, openCatalogue, rowsOf } from '../support/catalogue.ts';
import { account, hash } from '../support/store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const journal = `A\t1357095845\tCREATED\t${archiveId('one')}\t5\t1355666755\t${hash('1')}\tphotos/one.jpg\n`;

function bring(into: ReturnType<typeof openCatalogue>, vault: string) {
  const file = join(temporaryFolder(), 'journal');
  writeFileSync(file, journal);
  const home = () => Promise.resolve(ok({ account, region: account.region, vault }));
  return importCatalogue(into.db, file, { recorder: into.recorder, now: 1, home });
}

/** What an inventory of the vault says when it lists that archive. */
function inventoryOf(into: ReturnType<typeof openCatalogue>, vault: string) {
  const archive = { archiveId: archiveId('one'), description: '', createdAt: 7, size: 5, treeHash: hash('1') };
  const place = { accountId: account.id, vault, inventoryAt: 1000 };
  const origin = { region: account.region, location: `/123456789012/vaults/${vault}/archives/`, lagMs: 0 };
  return new Reconciliation(into.db, into.catalogue).take([archive], place, origin, noFindings);
}

test('an archive that the catalogue has in another vault is not added again, and it is said where it is', async () => {
  const into = openCatalogue();
  await bring(into, 'vaulta');
  const reason = `the catalogue has this archive in the vault "vaulta" in ${account.region}`;
  expect(await bring(into, 'vaultb')).toMatchObject({ value: { added: 0, problems: [{ line: 1, reason }] } });
  expect(rowsOf(into.db).map((row) => row.vault)).toEqual(['vaulta']);
});

test('an archive that another account has in the same vault gets what it lacks, and is not added again', async () => {
  const into = openCatalogue();
  const other = { account_id: randomUUID() as AccountId, archive_id: archiveId('one'), tree_hash: hash('1') };
  into.catalogue.insert(archiveRow({ ...other, path: null, description: '' }), null);
  expect(await bring(into, 'photos')).toMatchObject({ value: { added: 0, completed: 1, problemCount: 0 } });
  expect(rowsOf(into.db)).toMatchObject([{ account_id: other.account_id, path: 'photos/one.jpg' }]);
});

test('an archive that was imported into the wrong vault is taken off there when an inventory finds it, and keeps its name', async () => {
  const into = openCatalogue();
  await bring(into, 'vaultb');
  expect(inventoryOf(into, 'vaulta')).toMatchObject({ added: 1 });
  expect(rowsOf(into.db)).toMatchObject([
    {
      vault: 'vaulta',
      path: 'photos/one.jpg',
      listed_at: 1000,
      location: expect.stringContaining('/vaulta/') as string,
    },
  ]);
  expect(await bring(into, 'vaultb')).toMatchObject({ value: { added: 0, deleted: 1 } });
});

test('an archive that an inventory has listed there stays where it is, whatever another inventory says', () => {
  const into = openCatalogue();
  into.catalogue.insert({ ...archiveRow({ archive_id: archiveId('one'), vault: 'vaultb' }), listed_at: 5 }, null);
  inventoryOf(into, 'vaulta');
  expect(
    rowsOf(into.db)
      .map((row) => row.vault)
      .sort(),
  ).toEqual(['vaulta', 'vaultb']);
});

test('folders of other tools and what they compressed or encrypted are known by their descriptions', () => {
  const into = openCatalogue();
  const ce = (flags: string): string =>
    `<m><v>4</v><p>${btoa('a.txt')}</p><lm>20121222T101112Z</lm><ce>${flags}</ce></m>`;
  const told = [
    [{ path: 'photos/2012/', size: 1, description: '<m><v>4</v><p>cGhvdG9zLzIwMTIv</p></m>' }, { is_folder: 1 }],
    [{ path: 'freeze/2012/', size: 1, description: 'freeze/2012/' }, { is_folder: 1 }],
    [{ path: 'odd/', size: 7, description: 'odd/' }, { is_folder: 0 }],
    [
      { description: ce('1:0:4340ebcf79712dc5e3ef7d50bab98ba5:54687') },
      { compressed: 1, encrypted: 0, original_size: 54_687 },
    ],
    [{ description: ce('0:1:4340ebcf79712dc5e3ef7d50bab98ba5') }, { compressed: 0, encrypted: 1, original_size: null }],
    [{}, { is_folder: 0, compressed: 0, encrypted: 0, original_size: null }],
  ] as const;
  for (const [index, [row, expected]] of told.entries()) {
    into.catalogue.insert(archiveRow({ archive_id: archiveId(`${index}`), ...row }), null);
    expect(into.catalogue.find(account.id, 'photos', archiveId(`${index}`))).toMatchObject(expected);
  }
});
