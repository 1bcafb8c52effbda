import { describe, expect, test } from 'vitest';
import { type S3Address, isRegion, locationOf } from '../../main/s3/address.ts';
import { providerOf } from '../../main/s3/provider.ts';

const amazon: S3Address = { endpointUrl: null };
const urlOf = (
  address: S3Address,
  bucket: string | null,
  { key, region = 'eu-central-1' }: { key?: string; region?: string } = {},
) => {
  const { endpoint, path } = locationOf({ bucket, key }, { address, region, hasVirtualHosts: true });
  return endpoint.origin + path;
};

describe('a request goes', () => {
  test.each<[string, S3Address, string, string]>([
    ['eu-central-1', amazon, 'photos', 'https://photos.s3.eu-central-1.amazonaws.com/a/b'],
    ['us-east-1', amazon, 'photos', 'https://photos.s3.us-east-1.amazonaws.com/a/b'],
    ['cn-north-1', amazon, 'photos', 'https://photos.s3.cn-north-1.amazonaws.com.cn/a/b'],
    ['eusc-de-east-1', amazon, 'photos', 'https://photos.s3.eusc-de-east-1.amazonaws.eu/a/b'],
    ['eu-west-1', { ...amazon, dualstack: true }, 'photos', 'https://photos.s3.dualstack.eu-west-1.amazonaws.com/a/b'],
    ['us-gov-west-1', { ...amazon, fips: true }, 'photos', 'https://photos.s3-fips.us-gov-west-1.amazonaws.com/a/b'],
    [
      'us-east-2',
      { ...amazon, fips: true, dualstack: true },
      'photos',
      'https://photos.s3-fips.dualstack.us-east-2.amazonaws.com/a/b',
    ],
  ])('to the host of its region, %s', (region, address, bucket, url) => {
    expect(urlOf(address, bucket, { key: 'a/b', region })).toBe(url);
  });

  test.each<[string, string, string]>([
    ['https://s3.fr-par.scw.cloud', 'photos', 'https://photos.s3.fr-par.scw.cloud/a'],
    ['http://127.0.0.1:7480', 'photos', 'http://127.0.0.1:7480/photos/a'],
    ['http://[::1]:7480', 'photos', 'http://[::1]:7480/photos/a'],
    ['http://localhost:7480/', 'photos', 'http://localhost:7480/photos/a'],
    ['https://192.168.1.5', 'photos', 'https://192.168.1.5/photos/a'],
    ['https://nas.example/s3/', 'photos', 'https://photos.nas.example/s3/a'],
  ])('to the address that was given, %s, with the bucket before it where it can be', (endpointUrl, bucket, url) => {
    expect(urlOf({ endpointUrl }, bucket, { key: 'a' })).toBe(url);
  });

  test('to a bucket with dots by the path, since no certificate has its name', () => {
    expect(urlOf(amazon, 'photos.lena.example', { key: 'a' })).toBe(
      'https://s3.eu-central-1.amazonaws.com/photos.lena.example/a',
    );
  });

  test('to the bucket itself, or to all of them', () => {
    expect(urlOf(amazon, 'photos')).toBe('https://photos.s3.eu-central-1.amazonaws.com/');
    expect(urlOf({ endpointUrl: 'http://127.0.0.1:1' }, 'photos')).toBe('http://127.0.0.1:1/photos');
    expect(urlOf(amazon, null)).toBe('https://s3.eu-central-1.amazonaws.com/');
  });
});

test('a region that is told can only be one', () => {
  for (const region of ['eu-central-1', 'us-gov-west-1', 'us-iso-east-1', 'fr-par'])
    expect(isRegion(region)).toBe(true);
  for (const region of ['', 'evil.example', 'eu-central-1/x', 'EU', '-1', 'a'.repeat(99)])
    expect(isRegion(region)).toBe(false);
});

test('who serves an address is known by its name', () => {
  const names = {
    'https://s3.dualstack.eu-west-1.amazonaws.com': 'amazon',
    'https://s3.fr-par.scw.cloud': 'scaleway',
    'https://s3.gra.io.cloud.ovh.net': 'ovh',
    'https://amazonaws.com.evil.example': 'unknown',
    'http://127.0.0.1:7480': 'unknown',
  };
  expect(Object.fromEntries(Object.keys(names).map((url) => [url, providerOf(url)]))).toEqual(names);
  expect(providerOf(null)).toBe('amazon');
});
