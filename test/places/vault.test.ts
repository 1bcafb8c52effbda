import { describe } from 'vitest';
import type { AccountId } from '../../shared/account.ts';
import type { PlaceId } from '../../shared/place.ts';
import { DAY, HOUR } from '../../shared/units.ts';
import { AMAZON_TIMES } from '../../main/glacier/ports/vault-times.ts';
import { glacierBench } from '../support/glacier-bench.ts';
import { placeSuite } from '../support/places/suite.ts';
import { practiceBench } from '../support/practice-bench.ts';

const bench = glacierBench();
const photos = {
  id: 1 as PlaceId,
  accountId: 'an account' as AccountId,
  accountNumber: null,
  region: 'us-east-1',
  service: 'glacier',
  name: 'photos',
  storageClass: null,
} as const;

describe('a vault', () => {
  placeSuite(async () => {
    const practice = await practiceBench();
    const times = { ...AMAZON_TIMES, inventoryLagMs: 1 * DAY, usualInventoryMs: 4 * HOUR };
    const glacier = bench.open(practice.vault().url, { clock: practice.now, times });
    await practice.client.createVault(photos.name);
    return {
      ports: glacier.ports(photos),
      admin: glacier.admin,
      name: photos.name,
      otherName: 'more-photos',
      file: (name, bytes) => bench.file(name, bytes),
      pass: practice.wait,
    };
  });
});
