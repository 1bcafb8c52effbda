import { expect, test } from 'vitest';
import { endpointFor, endpointInForce } from '../../shared/endpoints.ts';

test.each([
  ['eu-central-1', 'https://glacier.eu-central-1.amazonaws.com'],
  ['us-gov-west-1', 'https://glacier.us-gov-west-1.amazonaws.com'],
  ['cn-north-1', 'https://glacier.cn-north-1.amazonaws.com.cn'],
  ['us-iso-east-1', 'https://glacier.us-iso-east-1.c2s.ic.gov'],
  ['us-isob-east-1', 'https://glacier.us-isob-east-1.sc2s.sgov.gov'],
])('the service of %s is at %s', (region, url) => {
  expect(endpointFor(region)).toBe(url);
});

const own = { endpointUrl: null, usesFips: false };
const elsewhere = { endpointUrl: 'https://vaults.example', usesFips: false };
const strict = { endpointUrl: null, usesFips: true };

test.each([
  ['the own one of the region', null, own, 'eu-west-1', null],
  ['what the profile says', null, elsewhere, 'eu-west-1', 'https://vaults.example'],
  ['what was typed, before the profile', 'https://typed.example', elsewhere, 'eu-west-1', 'https://typed.example'],
  ['FIPS, where the profile wants it', null, strict, 'us-west-2', 'https://glacier-fips.us-west-2.amazonaws.com'],
  ['FIPS, which is the usual one there', null, strict, 'us-gov-west-1', null],
  [
    'FIPS, typed as well',
    'https://glacier-fips.us-east-1.amazonaws.com/',
    strict,
    'us-east-1',
    'https://glacier-fips.us-east-1.amazonaws.com',
  ],
])('the service is %s', (_, typed, profile, region, url) => {
  expect(endpointInForce(typed, profile, region)).toEqual({ ok: true, value: url });
});

test.each([
  ['a region without FIPS', null, strict, 'eu-west-1', 'Glacier has none in eu-west-1'],
  ['FIPS with another address typed', 'https://typed.example', strict, 'us-east-1', 'another address'],
  ['FIPS with another address in the profile', null, { ...elsewhere, usesFips: true }, 'us-east-1', 'another address'],
  ['an address of a profile that is none', null, { ...own, endpointUrl: 'vaults' }, 'us-east-1', 'no URL'],
  ['one with a password', null, { ...own, endpointUrl: 'https://a:b@c' }, 'us-east-1', 'no user name and no password'],
])('%s is refused in words', (_, typed, profile, region, words) => {
  expect(endpointInForce(typed, profile, region)).toEqual({
    ok: false,
    failure: expect.stringContaining(words) as string,
  });
});
