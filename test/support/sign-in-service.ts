import { writeFileSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { PRACTICE_CREDENTIALS } from '../../main/practice/credentials.ts';

const { accessKeyId, secretAccessKey } = PRACTICE_CREDENTIALS;

const assumed = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
  <AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>${secretAccessKey}</SecretAccessKey>
  <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;

export const MFA_DEVICE = 'arn:aws:iam::111122223333:mfa/photographer';

/** A stand-in for Amazon's sign-in service (STS): it gives the practice vault's credentials to everybody. */
export type SignInService = { url: string; bodies: string[]; server: Server };

export async function startSignInService(): Promise<SignInService> {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (piece: Buffer) => (body += piece.toString()));
    request.on('end', () => {
      bodies.push(body);
      response.writeHead(200, { 'content-type': 'text/xml' }).end(assumed);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies, server };
}

/** Variables of an AWS configuration whose profile `studio` assumes a role that asks for an MFA code. */
export function studioProfile(folder: string, service: SignInService): Record<string, string> {
  const role = `role_arn = arn:aws:iam::111122223333:role/firn\nsource_profile = base\nmfa_serial = ${MFA_DEVICE}`;
  const config = join(folder, 'config');
  const credentials = join(folder, 'credentials');
  writeFileSync(config, `[profile studio]\nregion = us-east-1\n${role}\n`);
  writeFileSync(credentials, '[base]\naws_access_key_id = AKIAOFBASE0000000000\naws_secret_access_key = secret\n');
  return { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: credentials, AWS_ENDPOINT_URL_STS: service.url };
}
