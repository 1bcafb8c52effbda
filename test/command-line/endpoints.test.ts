import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { FirnCommand } from '../support/firn-command.ts';
import { environmentFor, startPractice } from '../support/practice-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const nowhere = 'http://127.0.0.1:9';

/** A service, and a command line whose AWS configuration is this; nothing in the environment says where the service is. */
async function world(config: (url: string) => string) {
  const folder = temporaryFolder();
  const practice = await startPractice(join(folder, 'practice'));
  onTestFinished(practice.kill);
  const file = join(folder, 'config');
  writeFileSync(file, config(practice.url));
  const env = { ...environmentFor(practice.url), AWS_ENDPOINT_URL_GLACIER: '', AWS_CONFIG_FILE: file };
  return { url: practice.url, firn: new FirnCommand(join(folder, 'data'), env), folder };
}

test('the address of the profile is used, said, and part of what the account is', async () => {
  const { url, firn, folder } = await world(
    (at) => `[default]\nservices = own\n[services own]\nglacier =\n  endpoint_url = ${at}\n`,
  );
  const created = await firn.run('vault', 'create', 'photos');
  expect(created).toMatchObject({ code: 0, problems: '' });
  expect(created.output).toContain(`The AWS configuration says which service is used: ${url}`);
  const file = join(folder, 'a.raw');
  writeFileSync(file, 'a');
  expect(await firn.run('upload', '--vault', 'photos', file)).toMatchObject({ code: 0 });
  expect((await firn.run('accounts')).output).toContain(url);
});

test('what is typed comes before Glacier’s variable, that before the one of all services, and that before the profile', async () => {
  const { url, firn } = await world(() => `[default]\nendpoint_url = ${nowhere}\n`);
  const all = firn.with({ AWS_ENDPOINT_URL: url });
  const glacier = firn.with({ AWS_ENDPOINT_URL: nowhere, AWS_ENDPOINT_URL_GLACIER: url });
  const typed = firn.with({ AWS_ENDPOINT_URL: nowhere, AWS_ENDPOINT_URL_GLACIER: nowhere });
  expect(await all.run('vault', 'list')).toMatchObject({ code: 0 });
  expect(await glacier.run('vault', 'list')).toMatchObject({ code: 0 });
  expect(await typed.run('vault', 'list', '--endpoint-url', url)).toMatchObject({ code: 0 });
  expect((await typed.run('vault', 'list')).problems).toContain('nothing answers at 127.0.0.1');
});

test('FIPS is asked for by the profile or the environment, and refused beside another address', async () => {
  const { url, firn } = await world(() => '[profile strict]\nuse_fips_endpoint = true\n');
  const refused = { code: 2, problems: expect.stringContaining('use_fips_endpoint') as string };
  const named = firn.with({ AWS_PROFILE: 'strict', AWS_ENDPOINT_URL: url });
  expect(await named.run('vault', 'list')).toMatchObject(refused);
  expect(await firn.with({ AWS_USE_FIPS_ENDPOINT: 'true', AWS_ENDPOINT_URL: url }).run('vault', 'list')).toMatchObject(
    refused,
  );
  expect(await named.with({ AWS_USE_FIPS_ENDPOINT: 'false' }).run('vault', 'list')).toMatchObject({ code: 0 });
});
