import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Credentials } from '../../main/aws/credentials/credential-provider.ts';
import { type UnsignedRequest, signRequest } from '../../main/aws/sign.ts';
import { encodedPath } from '../../main/aws/percent-encode.ts';
import { canonicalRequest } from '../../main/practice/signature/canonical.ts';

type Vector = Partial<Omit<UnsignedRequest, 'endpoint' | 'path'>> & {
  name: string;
  /** Segments, decoded. */
  path?: readonly string[];
  at: string;
  region: string;
  sessionToken?: string;
  signedHeaders: string;
  canonical: string;
  signature: string;
};

const vault = ['-', 'vaults', 'examplevault'];
const upload = [
  ...vault,
  'multipart-uploads',
  'zigAwfwgMet11sadF40GGqL2Eqy5kSmMEbWlNVua7xbVY3kcFVebMJpS1DGFsuQZVs7tRFwSrYqfkoJOkV-Fxj4jaDF5',
];
const here = {
  at: '2026-11-22T12:00:00Z',
  region: 'us-west-2',
  signedHeaders: 'host;x-amz-date;x-amz-glacier-version',
};
const part = {
  ...here,
  method: 'PUT',
  path: upload,
  signedHeaders: 'content-range;host;x-amz-content-sha256;x-amz-date;x-amz-glacier-version;x-amz-sha256-tree-hash',
};
const partHeaders = (range: string, linear: string, treeHash: string) => ({
  'content-range': `bytes ${range}/*`,
  'x-amz-content-sha256': linear,
  'x-amz-sha256-tree-hash': treeHash,
});

// The first two are Amazon's own (developer guide, "Signing Requests"); the others follow one upload and agree with botocore.
const vectors: Vector[] = [
  {
    name: 'create vault, as published',
    at: '2012-05-25T00:24:53Z',
    region: 'us-east-1',
    method: 'PUT',
    path: vault,
    signedHeaders: 'host;x-amz-date;x-amz-glacier-version',
    canonical: '5f1da1a2d0feb614dd03d71e87928b8e449ac87614479332aced3a701f916743',
    signature: '3ce5b2f2fffac9262b4da9256f8d086b4aaf42eba5f111c21681a65a127b7c2a',
  },
  {
    name: 'upload archive, as published',
    at: '2012-05-07T00:00:00Z',
    region: 'us-east-1',
    method: 'POST',
    path: [...vault, 'archives'],
    headers: { 'x-amz-content-sha256': '726e392cb4d09924dbad1cc0ba3b00c3643d03d14cb4b823e2f041cff612a628' },
    signedHeaders: 'host;x-amz-content-sha256;x-amz-date;x-amz-glacier-version',
    canonical: 'f3df090abf5698dbe2230b41165a7b8991f9616ef67de13ac283577a02732819',
    signature: 'b092397439375d59119072764a1e9a144677c43d9906fd98a5742c57a2855de6',
  },
  {
    ...here,
    name: 'initiate multipart upload, with two blanks in the description',
    method: 'POST',
    path: [...vault, 'multipart-uploads'],
    headers: { 'x-amz-part-size': '2097152', 'x-amz-archive-description': 'my  archive' },
    signedHeaders: 'host;x-amz-archive-description;x-amz-date;x-amz-glacier-version;x-amz-part-size',
    canonical: 'dfc4f6606a40256ee6269f553204983fedb4e82571cb2123836eacde04a8ffaa',
    signature: '57da5dac82a31a63424750d0fc1326a9a2c00a9ab1e5bdabe4128472d04fd1ff',
  },
  {
    ...part,
    name: 'the first part',
    headers: partHeaders(
      '0-2097151',
      '09d403023ca75a3d491e7590fccdd54542afa606a1b4208da507ba2e196c37a3',
      '56000aae067539dced6beb96e22a17d7a596e8824a93fc35dd06c13fba9e9a1b',
    ),
    canonical: '69c63f9482ad97005698b3448b99b10e6dbc92204137e7e2629e8309abad98e6',
    signature: '51b66e63767d5bce02e3bc9f865e6092de5534015e02b7b7b7587d91e4eabc11',
  },
  {
    ...part,
    name: 'the second part',
    headers: partHeaders(
      '2097152-4194303',
      'be9bccd44e9da54b692b7c587d574b13aa93de2dd4cf0e20dbdc51ae8d3f3fd0',
      'd1d5b496d3337e6a861029592334a156fb35d4236b34377b7fa0d504c9f775b3',
    ),
    canonical: 'b79a1c97b99547811f7b12ef6f917657e4bc984e438192bf839c266ab31c5277',
    signature: '0966820b5230da86e31efee19ad483780229f22233067bbede2da0b271be717e',
  },
  {
    ...part,
    name: 'the third part',
    headers: partHeaders(
      '4194304-6291455',
      '516c6ee5a760a3e16080810ef2b071c41151814e944f0e8dae800467e1d90099',
      'd640872142ee0da7d1e4d1313d6ebb8087d5a2b1ff89dd954434ffde001fa769',
    ),
    canonical: 'ef76d713b60ea1845660d714e1ba2bf785517ffa32b6f2bcb4859f1f162040a1',
    signature: '12eea213e89048eee348ce91886c5c108763114bd5a93a1946bfd885841391a0',
  },
  {
    ...part,
    name: 'the last part',
    headers: partHeaders(
      '6291456-6815743',
      '1fc15a7fa5716499f176527299306aedc7f7ee9c523932efb6da89e71886726d',
      '1fc15a7fa5716499f176527299306aedc7f7ee9c523932efb6da89e71886726d',
    ),
    canonical: '359299cf51bbb71016fb67f77e73ec49446ebaf4346a6f531eee97209ccfeb08',
    signature: '19eba00f8a442042b2e7e947b1deb5dc0a788b0fa74fdaed813763758e078acd',
  },
  {
    ...here,
    name: 'complete multipart upload',
    method: 'POST',
    path: upload,
    headers: {
      'x-amz-archive-size': '6815744',
      'x-amz-sha256-tree-hash': '1bec740b9e7b5da352a727ef3b50e9b24717450758ec506d3a8d45b59ca4f759',
    },
    signedHeaders: 'host;x-amz-archive-size;x-amz-date;x-amz-glacier-version;x-amz-sha256-tree-hash',
    canonical: '5c3954debbe064ae2bc91144af78e62f95c67318dd783bb5585b027d510aed31',
    signature: '80b77b12d0a961389f76827de4b05bf2ffe8ea7d79f1e23121d9deda84a92760',
  },
  {
    ...here,
    name: 'a later page of parts',
    path: upload,
    query: { limit: '50', marker: 'MfgsKHVjbQ6EldVl72bn3_n5h2TaGZQUO-Qb3B9j3TITf7WajQ' },
    canonical: 'a6d76503765d2f6f3e7b105667d8a93963166f980a24bf3310bd1c9037f46a5c',
    signature: 'c5b15887b9ecad41e7af4ad44aeb3b9d8e569f120d3d793b14d92a170e099c7f',
  },
  {
    ...here,
    name: 'a later page of vaults, whose marker is an ARN',
    path: ['-', 'vaults'],
    query: { limit: '10', marker: 'arn:aws:glacier:us-west-2:111122223333:vaults/a b' },
    canonical: '75138ea0bae656e660ab81f7913d565ca17dc35361f1a87f6b459e0a941dd0c2',
    signature: '5421f411ddd877e6562a1e1156aad039f02909ee02e922c153c14762df69b483',
  },
  {
    ...here,
    name: 'initiate job',
    method: 'POST',
    path: [...vault, 'jobs'],
    headers: { 'content-type': 'application/json' },
    body: Buffer.from('{"Type":"inventory-retrieval","Format":"JSON"}'),
    signedHeaders: 'content-type;host;x-amz-date;x-amz-glacier-version',
    canonical: '32704449dfe271918de5749c5b8df6095359ecd6a394b83e3c3d75711559da63',
    signature: 'dffb0355aeb517767070d20b1bbd2d37ca1212a43a1af64578a7b4747842ad50',
  },
  {
    ...here,
    name: 'describe vault with a session token',
    path: vault,
    sessionToken: 'FwoGZXIvYXdzEXAMPLETOKEN==',
    signedHeaders: 'host;x-amz-date;x-amz-glacier-version;x-amz-security-token',
    canonical: 'd7934629453aa1010e5779728e03110d89b57c53ed3b402985c961574935a423',
    signature: 'ecbe2a265759425746a434e29ea5e99411667a001088bb295b3dfb8fe5befbfc',
  },
];

const emptyHash = createHash('sha256').digest('hex');

describe('signatures', () => {
  test.each(vectors)('$name', async (vector) => {
    const {
      region,
      at,
      sessionToken = null,
      method = 'GET',
      path = [],
      query = {},
      headers = {},
      body = null,
    } = vector;
    const credentials: Credentials = {
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      sessionToken,
      expiresAt: null,
    };
    const endpoint = new URL(`https://glacier.${region}.amazonaws.com`);
    const request = {
      method,
      endpoint,
      path: `/${encodedPath(path)}`,
      query,
      headers: { 'x-amz-glacier-version': '2012-06-01', ...headers },
      body,
    };
    const head = await signRequest(request, { service: 'glacier', region, credentials, now: Date.parse(at) });

    const [, names = '', signature] =
      /SignedHeaders=(.*), Signature=(.*)$/.exec(head.headers['authorization'] ?? '') ?? [];
    const onTheWire = { method, target: head.url.slice(endpoint.origin.length), headers: Object.entries(head.headers) };
    const payload =
      head.headers['x-amz-content-sha256'] ?? (body ? createHash('sha256').update(body).digest('hex') : emptyHash);
    const canonical = canonicalRequest(onTheWire, names.split(';'), payload, 'glacier');
    expect({ names, canonical: createHash('sha256').update(canonical).digest('hex'), signature }).toEqual({
      names: vector.signedHeaders,
      canonical: vector.canonical,
      signature: vector.signature,
    });
  });
});
