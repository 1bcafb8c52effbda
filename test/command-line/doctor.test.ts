import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { FirnCommand } from '../support/firn-command.ts';
import { environmentFor, startPractice } from '../support/practice-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Firn and a practice vault that denies these operations. */
async function world(...denied: string[]) {
  const folder = temporaryFolder();
  const behaviour = { kind: 'error', code: 'AccessDeniedException', body: 'json', when: 'after-body' };
  const script = denied.map((operation) => ({ operation, behaviour }));
  const practice = await startPractice(join(folder, 'practice'), ['--faults', JSON.stringify({ script })]);
  onTestFinished(practice.kill);
  const firn = new FirnCommand(join(folder, 'data'), environmentFor(practice.url));
  await firn.run('vault', 'create', 'photos');
  return firn;
}

test('firn doctor says what is right, and prints the policy for the vaults that it is told', async () => {
  const firn = await world();
  const { code, output } = await firn.run('doctor', 'photos');
  expect(code).toBe(0);
  expect(output).toContain('ok       Vault photos: It is there.');
  expect(output).toContain('ok       Permission glacier:CompleteMultipartUpload: Given, for uploading.');
  const policy = JSON.parse(output.slice(output.indexOf('{'))) as { Statement: { Resource: unknown }[] };
  expect(policy.Statement.map(({ Resource }) => Resource)).toEqual([
    '*',
    ['arn:aws:glacier:us-east-1:111122223333:vaults/photos'],
  ]);
});

test('firn doctor says what stands in the way of an upload, and ends so that scripts notice', async () => {
  const firn = await world('UploadMultipartPart');
  const { code, rows } = await firn.run('doctor', '--json');
  expect(code).toBe(1);
  expect(rows).toContainEqual({
    event: 'finding',
    subject: 'Permission glacier:UploadMultipartPart',
    status: 'problem',
    words: 'Not given; Firn needs it for uploading.',
    remedy: 'Ask whoever manages the account to add the policy below.',
  });
});

test('firn doctor refuses what no vault can be called', async () => {
  const firn = new FirnCommand(temporaryFolder(), {});
  expect(await firn.run('doctor', 'two words')).toMatchObject({ code: 2 });
});
