import { describe, expect, test } from 'vitest';
import { MINUTE, MiB } from '../../shared/units.ts';
import { PRACTICE_CREDENTIALS } from '../../main/practice/server.ts';
import { practiceBench } from '../support/practice-bench.ts';
import { type PracticeReply, type PracticeRequest, sha256, signedHeaders } from '../support/practice-request.ts';

const noon = Date.UTC(2026, 10, 22, 12);
const mismatch = /^The request signature we calculated does not match the signature you provided\./;

type Trial = Partial<PracticeRequest>;

async function list(trial: Trial): Promise<PracticeReply> {
  const { client } = await practiceBench();
  return client.call(trial.method ?? 'GET', trial.target ?? '/-/vaults', trial);
}

/** The Authorization of another request of the same moment. */
function signatureFor(url: string, request: PracticeRequest): string {
  return String(signedHeaders(url, { at: noon, ...request })['authorization']);
}

function refusal({ status, json }: PracticeReply): unknown[] {
  return [status, json['code'], json['message']];
}

test('an error of the signature layer puts the message first, others the code', async () => {
  const { client } = await practiceBench();
  const unsigned = await client.call('GET', '/-/vaults', { tamper: (headers) => delete headers['authorization'] });
  expect(unsigned.body.toString()).toBe(
    '{"message":"Request is missing Authentication Token","code":"MissingAuthenticationTokenException","type":"Client"}',
  );
  const missing = await client.call('GET', '/-/vaults/none');
  expect(Object.keys(missing.json)).toEqual(['code', 'message', 'type']);
  expect(missing.headers['content-type']).toBe('application/json');
});

describe('a request is refused', () => {
  test('without credentials', async () => {
    const reply = await list({ tamper: (headers) => delete headers['authorization'] });
    expect(refusal(reply).slice(0, 2)).toEqual([400, 'MissingAuthenticationTokenException']);
  });

  test.each([
    'Basic dXNlcjpwYXNz',
    'AWS4-HMAC-SHA256 Credential=a/20261122/us-east-1/glacier/aws4_request',
    'AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=00',
  ])('with a malformed Authorization: %s', async (authorization) => {
    const reply = await list({ tamper: (headers) => (headers['authorization'] = authorization) });
    expect(refusal(reply).slice(0, 2)).toEqual([403, 'InvalidSignatureException']);
    expect(reply.json['message']).toContain('malformed');
  });

  test.each<[string, RegExp, string]>([
    ['another algorithm', /^AWS4-HMAC-SHA256/, 'AWS4-HMAC-SHA1'],
    ['a scope without a day', /\/20261122/, ''],
    ['a scope that ends otherwise', /aws4_request/, 'aws4_test'],
    ['no signed headers', /SignedHeaders=[^,]+/, 'SignedHeaders='],
    ['a signature that is too short', /Signature=../, 'Signature='],
  ])('with %s', async (_, part, instead) => {
    const reply = await list({
      tamper: (headers) => {
        headers['authorization'] = (headers['authorization'] ?? '').replace(part, instead);
      },
    });
    expect(refusal(reply).slice(0, 2)).toEqual([403, 'InvalidSignatureException']);
    expect(reply.json['message']).toContain('malformed');
  });

  test('with an unknown access key', async () => {
    const reply = await list({ credentials: { ...PRACTICE_CREDENTIALS, accessKeyId: 'AKIAUNKNOWN' } });
    expect(refusal(reply)).toEqual([
      400,
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    ]);
  });

  test('with a session token that is wrong, missing, or not expected', async () => {
    const temporary = { accessKeyId: 'ASIA', secretAccessKey: 'secret', sessionToken: 'token' };
    const { client } = await practiceBench({ credentials: [temporary, PRACTICE_CREDENTIALS] });
    const tryWith = async (sessionToken: string | null, accessKeyId = 'ASIA'): Promise<unknown> => {
      const reply = await client.call('GET', '/-/vaults', { credentials: { ...temporary, accessKeyId, sessionToken } });
      return reply.status === 200 ? 200 : reply.json['code'];
    };
    expect(await tryWith('token')).toBe(200);
    expect(await tryWith('other')).toBe('UnrecognizedClientException');
    expect(await tryWith(null)).toBe('UnrecognizedClientException');
    expect(await tryWith('token', PRACTICE_CREDENTIALS.accessKeyId)).toBe('UnrecognizedClientException');
  });

  test('with an expired session token', async () => {
    const temporary = { accessKeyId: 'ASIA', secretAccessKey: 'secret', sessionToken: 'token', expiresAt: noon + 1 };
    const { client, wait } = await practiceBench({ credentials: [temporary] });
    expect((await client.call('GET', '/-/vaults', { credentials: temporary })).status).toBe(200);
    wait(1);
    const reply = await client.call('GET', '/-/vaults', { credentials: temporary });
    expect(refusal(reply).slice(0, 2)).toEqual([403, 'ExpiredTokenException']);
  });

  test('with a clock more than five minutes off, and told the limit', async () => {
    expect(refusal(await list({ at: noon - 5 * MINUTE - 1000 }))).toEqual([
      403,
      'InvalidSignatureException',
      'Signature expired: 20261122T115459Z is now earlier than 20261122T115500Z (20261122T120000Z - 5 min.)',
    ]);
    expect(refusal(await list({ at: noon + 5 * MINUTE + 1000 }))).toEqual([
      403,
      'InvalidSignatureException',
      'Signature not yet current: 20261122T120501Z is still later than 20261122T120500Z (20261122T120000Z + 5 min.)',
    ]);
    expect((await list({ at: noon - 5 * MINUTE })).status).toBe(200);
    expect((await list({ at: noon + 5 * MINUTE })).status).toBe(200);
  });

  test.each(['', 'Sun, 22 Nov 2026 12:00:00 GMT', '20261322T120000Z', '20261131T120000Z'])(
    'with the date "%s"',
    async (date) => {
      const reply = await list({ headers: { 'x-amz-date': date } });
      expect(refusal(reply).slice(0, 2)).toEqual([403, 'InvalidSignatureException']);
      expect(reply.json['message']).toContain(`either a 'X-Amz-Date' or a 'Date' header`);
    },
  );

  test('with the wrong secret', async () => {
    const reply = await list({ credentials: { ...PRACTICE_CREDENTIALS, secretAccessKey: 'wrong' } });
    expect(refusal(reply)).toEqual([403, 'InvalidSignatureException', expect.stringMatching(mismatch)]);
    expect(reply.json['message']).toContain(
      `The Canonical String for this request should have been\n'GET\n/-/vaults\n`,
    );
  });

  test('for another region, service or day', async () => {
    expect((await list({ region: 'eu-west-1' })).json['message']).toContain('valid region');
    expect((await list({ service: 'ec2' })).json['message']).toContain(`correct service: 'glacier'`);
    const otherDay = (headers: Record<string, string>): void => {
      headers['authorization'] = (headers['authorization'] ?? '').replace('20261122', '20261121');
    };
    expect((await list({ tamper: otherDay })).json['message']).toContain(`'20261121' != '20261122'`);
  });

  test('when a header named as signed is missing', async () => {
    const reply = await list({
      headers: { 'x-amz-extra': '' },
      tamper: (headers) => delete headers['x-amz-extra'],
    });
    expect(refusal(reply).slice(0, 2)).toEqual([403, 'InvalidSignatureException']);
    expect(reply.json['message']).toContain('x-amz-extra');
  });

  test('when the host or the date is not signed', async () => {
    expect((await list({ signed: ['x-amz-date'] })).json['message']).toContain(`'Host' must be a 'SignedHeader'`);
    expect((await list({ signed: ['host'] })).json['message']).toContain(`'x-amz-date' must be a 'SignedHeader'`);
  });

  test.each<[string, Trial]>([
    ['a signed header', { tamper: (headers) => (headers['x-amz-glacier-version'] = '2012-06-02') }],
    ['a header that was not there', { headers: { 'x-amz-a': '1' }, tamper: (headers) => (headers['x-amz-a'] = '2') }],
    ['the date', { tamper: (headers) => (headers['x-amz-date'] = '20261122T120001Z') }],
    ['the host', { tamper: (headers) => (headers['host'] = 'glacier.us-east-1.amazonaws.com') }],
  ])('when %s was changed on the way', async (_, trial) => {
    expect((await list(trial)).json['message']).toMatch(mismatch);
  });

  test.each<[string, string, Pick<PracticeRequest, 'method' | 'target'>]>([
    ['path', 'GET /-/vaults/photo', { method: 'GET', target: '/-/vaults/photos' }],
    ['query', 'GET /-/vaults?limit=1', { method: 'GET', target: '/-/vaults?limit=2' }],
    ['method', 'GET /-/vaults/photos', { method: 'DELETE', target: '/-/vaults/photos' }],
  ])('when the %s of %s was changed on the way', async (_, signed, { method, target }) => {
    const { client } = await practiceBench();
    await client.createVault('photos');
    const [signedMethod = '', signedTarget = ''] = signed.split(' ');
    const reply = await client.call(method, target, {
      tamper: (headers) => {
        headers['authorization'] = signatureFor(client.at.url, { method: signedMethod, target: signedTarget });
      },
    });
    expect(reply.json['message']).toMatch(mismatch);
  });

  test('with the wrong secret for data whose hash it announces', async () => {
    const { client } = await practiceBench();
    await client.createVault('photos');
    const uploadId = await client.newUpload('photos', 1 * MiB);
    const credentials = { ...PRACTICE_CREDENTIALS, secretAccessKey: 'wrong' };
    const reply = await client.part('photos', uploadId, 0, Buffer.from('a'), {}, { credentials });
    expect(refusal(reply)).toEqual([403, 'InvalidSignatureException', expect.stringMatching(mismatch)]);
    expect((await client.parts('photos', uploadId)).json['Parts']).toEqual([]);
  });

  test('when the body does not match its announced hash', async () => {
    const { client, vault } = await practiceBench();
    await client.createVault('photos');
    const uploadId = await client.newUpload('photos', 1 * MiB);
    const [sent, announced] = [Buffer.from('these bytes'), Buffer.from('those bytes')];
    const reply = await client.part('photos', uploadId, 0, sent, { 'x-amz-content-sha256': sha256(announced) });
    expect(refusal(reply)).toEqual([
      403,
      'InvalidSignatureException',
      `The value passed in as x-amz-content-sha256 does not match the computed payload hash. Computed digest: ${sha256(sent)} expected hash: ${sha256(announced)}`,
    ]);
    expect((await client.parts('photos', uploadId)).json['Parts']).toEqual([]);
    expect(vault().ledger.read().at(-2)).toMatchObject({ committed: false, code: 'InvalidSignatureException' });
  });

  test('when a body without announced hash was changed', async () => {
    const { client } = await practiceBench();
    await client.createVault('photos');
    const signedBody = '{"Type":"inventory-retrieval"}';
    const reply = await client.call('POST', '/-/vaults/photos/jobs', {
      body: signedBody.replace('inventory', 'Inventory'),
      headers: {},
      tamper: (headers) => {
        headers['authorization'] = signatureFor(client.at.url, {
          method: 'POST',
          target: '/-/vaults/photos/jobs',
          body: signedBody,
        });
      },
    });
    expect(reply.json['message']).toMatch(mismatch);
  });

  test.each(['UNSIGNED-PAYLOAD', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'])('with %s for a hash', async (hash) => {
    const { client } = await practiceBench();
    await client.createVault('photos');
    const uploadId = await client.newUpload('photos', 1 * MiB);
    const reply = await client.part('photos', uploadId, 0, Buffer.from('a'), { 'x-amz-content-sha256': hash });
    expect(refusal(reply).slice(0, 2)).toEqual([403, 'InvalidSignatureException']);
  });

  test('when it sends data without announcing its hash', async () => {
    const { client } = await practiceBench();
    await client.createVault('photos');
    const uploadId = await client.newUpload('photos', 1 * MiB);
    const reply = await client.part('photos', uploadId, 0, Buffer.from('a'), {}, { without: ['x-amz-content-sha256'] });
    expect(refusal(reply)).toEqual([
      400,
      'MissingParameterValueException',
      'Required parameter missing: x-amz-content-sha256',
    ]);
  });

  test('for the account of somebody else', async () => {
    const reply = await list({ target: '/999999999999/vaults' });
    expect(refusal(reply).slice(0, 2)).toEqual([403, 'AccessDeniedException']);
    expect((await list({ target: '/111122223333/vaults' })).status).toBe(200);
  });

  test('without the version of the API, or with another one', async () => {
    const missing = await list({ without: ['x-amz-glacier-version'] });
    expect(refusal(missing).slice(0, 2)).toEqual([400, 'MissingParameterValueException']);
    const other = await list({ headers: { 'x-amz-glacier-version': '2011-01-01' } });
    expect(refusal(other).slice(0, 2)).toEqual([400, 'InvalidParameterValueException']);
  });

  test('when Amazon closed vaults to the account', async () => {
    const { client } = await practiceBench({ rules: { closedAccount: true } });
    expect(refusal(await client.call('GET', '/-/vaults'))).toEqual([
      400,
      'NoLongerSupportedException',
      'This API is no longer supported for new accounts. Please use Amazon S3 Glacier storage classes instead.',
    ]);
  });
});

describe('a request is accepted', () => {
  test('with only the host and the date signed', async () => {
    expect((await list({ signed: ['host', 'x-amz-date'] })).status).toBe(200);
  });

  test('with the date in a Date header, which x-amz-date overrules', async () => {
    const date = { date: '20261122T120000Z' };
    expect((await list({ headers: date, without: ['x-amz-date'] })).status).toBe(200);
    expect((await list({ headers: { date: '20251122T120000Z' } })).status).toBe(200);
  });

  test('with runs of blanks in a signed header, which count as one', async () => {
    expect((await list({ headers: { 'x-amz-note': 'two  blanks   and three' } })).status).toBe(200);
  });

  test('with a query in any order and any encoding', async () => {
    expect((await list({ target: '/-/vaults?marker=&limit=%31' })).status).toBe(200);
  });

  test('with a stray tree hash and hints of SDKs', async () => {
    const { client } = await practiceBench();
    await client.createVault('photos');
    const reply = await client.call('GET', '/-/vaults/photos', {
      headers: {
        'x-amz-sha256-tree-hash': 'stray',
        'amz-sdk-request': 'attempt=1',
        'x-amz-content-sha256': sha256(''),
      },
    });
    expect(reply.status).toBe(200);
  });
});

test('the checks come in their order', async () => {
  const { client } = await practiceBench();
  const wrongSecret = { ...PRACTICE_CREDENTIALS, secretAccessKey: 'wrong' };
  const code = async (target: string, trial: Trial): Promise<unknown> =>
    (await client.call('GET', target, trial)).json['message'];
  expect(await code('/9/vaults/none', { credentials: wrongSecret, at: 0 })).toMatch(/^Signature expired/);
  expect(await code('/9/vaults/none', { credentials: wrongSecret })).toMatch(mismatch);
  expect(await code('/9/vaults/none', { without: ['x-amz-glacier-version'] })).toMatch(/do not belong/);
  expect(await code('/-/vaults/none?limit=x', { without: ['x-amz-glacier-version'] })).toMatch(/glacier-version/);
  expect(await code('/-/vaults/none/jobs?limit=x', {})).toMatch(/^Vault not found/);
});
