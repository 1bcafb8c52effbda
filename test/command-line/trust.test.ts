import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testCertificate } from '../support/certificate.ts';
import { FirnCommand } from '../support/firn-command.ts';
import { httpsServer } from '../support/https-server.ts';
import { environmentFor } from '../support/practice-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test.each(['AWS_CA_BUNDLE', 'NODE_EXTRA_CA_CERTS', ...(process.platform === 'linux' ? ['SSL_CERT_FILE'] : [])])(
  'a service whose certificate only %s vouches for is trusted then, and not otherwise',
  async (variable) => {
    const { url } = await httpsServer((_, response) => response.end('{"VaultList":[]}'));
    const folder = temporaryFolder();
    const file = join(folder, 'company.pem');
    writeFileSync(file, testCertificate.cert);
    const firn = new FirnCommand(join(folder, 'data'), environmentFor(url));
    const refused = await firn.run('vault', 'list');
    expect([refused.code, refused.problems]).toEqual([7, expect.stringContaining('not signed by an authority')]);
    expect(await firn.with({ [variable]: file }).run('vault', 'list')).toMatchObject({ code: 0, problems: '' });
  },
);
