import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { callerIdentity } from '../../main/aws/caller-identity.ts';
import { fixedCredentials } from '../../main/aws/credentials/credentials.ts';
import { parseAuthorization } from '../../main/practice/signature/authorization.ts';
import { canonicalRequest, signatureOf, stringToSign } from '../../main/practice/signature/canonical.ts';
import { MINUTE } from '../../shared/units.ts';
import { type ReceivedRequest, reply, scriptedServer } from '../support/scripted-server.ts';

const keys = { accessKeyId: 'AKIAIDENTITY', secretAccessKey: 'secret', sessionToken: null };
const xml = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
  <Arn>arn:aws:iam::111122223333:user/anna</Arn><UserId>AIDA</UserId><Account>111122223333</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>`;

async function world() {
  const server = await scriptedServer();
  const clock = { now: Date.UTC(2026, 10, 30) };
  const options = { endpoint: server.url, region: 'eu-central-1', credentials: fixedCredentials(keys) };
  const ask = callerIdentity({ ...options, clock: () => clock.now });
  return { server, clock, ask: () => ask(new AbortController().signal), askWith: ask };
}

/** As the other side works it out. */
function signatureFor({ method, target, headers, body }: ReceivedRequest) {
  const authorization = parseAuthorization(headers['authorization'] ?? '');
  if (!authorization) throw new Error('It is not signed');
  const hash = createHash('sha256').update(body).digest('hex');
  const canonical = canonicalRequest(
    { method, target, headers: Object.entries(headers) },
    authorization.signedHeaders,
    hash,
    authorization.service,
  );
  const toSign = stringToSign(headers['x-amz-date'] ?? '', authorization, canonical);
  return { authorization, expected: signatureOf(keys.secretAccessKey, authorization, toSign) };
}

test('STS is asked in a signed request whose the credentials are', async () => {
  const { server, ask } = await world();
  server.next(reply(200, { text: xml, headers: { 'content-type': 'text/xml' } }));
  expect(await ask()).toBe('111122223333');
  const [request] = server.received;
  if (!request) throw new Error('Nothing was asked');
  const { authorization, expected } = signatureFor(request);
  expect(request.body.toString()).toBe('Action=GetCallerIdentity&Version=2011-06-15');
  expect(authorization).toMatchObject({ service: 'sts', region: 'eu-central-1', signature: expected });
});

test('who gets no number goes on without it, and does not ask at every request', async () => {
  const { server, clock, ask } = await world();
  server.next(reply(403, { text: '<Error><Code>RegionDisabledException</Code><Message>no</Message></Error>' }));
  expect([await ask(), await ask()]).toEqual([null, null]);
  expect(server.received).toHaveLength(1);
  clock.now += 6 * MINUTE;
  server.next(reply(200, { text: xml }));
  expect(await ask()).toBe('111122223333');
});

test('whoever stops waiting for it is not kept', async () => {
  const { server, askWith } = await world();
  const stop = new AbortController();
  const asked = askWith(stop.signal);
  server.next(() => {
    stop.abort(new Error('stopped'));
  });
  await expect(asked).rejects.toThrow('stopped');
});
