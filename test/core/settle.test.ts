import { describe, expect, it } from 'vitest';
import type { Destination, InventoryArchive, JobState } from '../../main/core/ports.ts';
import type { StepContext } from '../../main/uploads/steps/context.ts';
import { isSameArchive, settleUnconfirmed } from '../../main/uploads/steps/settle.ts';
import { InventoryJobStore } from '../../main/store/inventory-jobs.ts';
import { everyArchive } from '../../shared/archive.ts';
import { ok } from '../../shared/result.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../shared/units.ts';
import type { ArchiveId, MultipartUploadId, TreeHash } from '../../shared/upload.ts';
import { never } from '../support/glacier-bench.ts';
import { archiveRow } from '../support/catalogue.ts';
import { account, add, hash, openStores } from '../support/store.ts';

const treeHash = 'a'.repeat(64) as TreeHash;
const upload = { size: 5, description: 'photos/a.raw' };
const askedAt = 1_000_000_000;
const phase = { kind: 'unconfirmed', treeHash, askedAt, since: askedAt } as const;
const archive = { ...upload, treeHash, createdAt: askedAt };

describe('an archive of the inventory', () => {
  it('is that of an upload whose last answer was lost when hash, size and description are the same', () => {
    expect(isSameArchive(archive, upload, phase)).toBe(true);
  });

  it.each([
    ['tree hash', { treeHash: 'b'.repeat(64) as TreeHash }],
    ['size', { size: 6 }],
    ['description', { description: 'photos/b.raw' }],
    ['time: it was made before this one was completed', { createdAt: askedAt - 6 * MINUTE }],
  ])('is another one when it has another %s', (_, other) => {
    expect(isSameArchive({ ...archive, ...other }, upload, phase)).toBe(false);
  });
});

const LAG = 2 * DAY;
const ASKED = Date.UTC(2026, 10, 1);
const LOST = ASKED + 30 * MINUTE;

/** An upload whose answer was lost, in real stores, and a service of which only inventories are asked. */
function lost() {
  const stores = openStores();
  const { uploads, catalogue, db } = stores;
  const id = add(uploads);
  uploads.apply(id, { kind: 'multipart-initiated', multipartUploadId: 'm' as MultipartUploadId, at: 1 });
  uploads.apply(id, { kind: 'parts-uploaded', treeHash: hash('b'), at: ASKED });
  uploads.apply(id, { kind: 'multipart-lost', at: LOST });
  const jobs = new InventoryJobStore(db);
  const service = { now: LOST, asked: 0, inventoryAt: 0, archives: [] as InventoryArchive[] };
  const destination = {
    inventoryLagMs: LAG,
    now: () => service.now,
    requestInventory: () => Promise.resolve(ok({ jobId: `job ${(service.asked += 1)}` })),
    describeJob: () => Promise.resolve(ok({ status: 'succeeded' } as JobState)),
    inventory: (...[, , , keep = () => true]: Parameters<Destination['inventory']>) => {
      const { inventoryAt, archives } = service;
      return Promise.resolve(ok({ inventoryAt, archives: archives.filter(keep), unreadable: 0, location: '' }));
    },
  };
  const context = { uploads, catalogue, jobs, destination, region: 'eu-central-1', signal: never } as unknown;
  const get = () => {
    const found = uploads.get(id);
    if (!found) throw new Error('It is gone');
    return found;
  };
  /** Asks for an inventory, and then looks at what it says. */
  const look = async () => {
    for (let step = 0; step < 2; step += 1) {
      const now = get();
      if (now.phase.kind !== 'unconfirmed') break;
      await settleUnconfirmed(now, now.phase, {
        ...(context as StepContext),
        clock: { now: () => 5, after: () => never5 },
      });
    }
    return get().phase;
  };
  const own = { size: get().size, description: get().description, treeHash: hash('b') };
  const listed = (createdAt: number): InventoryArchive => ({ ...own, archiveId: 'found' as ArchiveId, createdAt });
  return { ...stores, service, look, listed, own };
}

function never5(): void {
  // Nothing is waited for.
}

describe('an upload whose last answer was lost', () => {
  it('is not taken for absent by an inventory that is newer than the loss, as long as inventories may lag', async () => {
    const { service, look } = lost();
    for (const [afterMs, kind] of [
      [6 * HOUR, 'unconfirmed'],
      [LAG - HOUR, 'unconfirmed'],
      [LAG + HOUR, 'queued'],
    ] as const) {
      service.now = LOST + afterMs;
      service.inventoryAt = service.now - SECOND;
      expect((await look()).kind, `${afterMs / HOUR} hours after`).toBe(kind);
    }
  });

  it('is settled at once by an archive like it, whatever the date of the inventory that lists it', async () => {
    const { service, look, listed, catalogue } = lost();
    service.now = LOST + 6 * HOUR;
    service.inventoryAt = LOST - MINUTE;
    service.archives = [listed(ASKED + MINUTE)];
    expect(await look()).toMatchObject({ kind: 'stored', archiveId: 'found' });
    expect(catalogue.search(all).items).toMatchObject([{ storedAt: ASKED + MINUTE, toldBy: 'upload' }]);
  });

  it('is not settled by an archive like it that was made before', async () => {
    const { service, look, listed } = lost();
    service.now = LOST + 6 * HOUR;
    service.inventoryAt = service.now;
    service.archives = [listed(ASKED - DAY)];
    expect((await look()).kind).toBe('unconfirmed');
  });

  it('is settled by what the catalogue has heard of elsewhere, without a request', async () => {
    const { service, look, own, catalogue } = lost();
    const { treeHash: tree_hash, size, description } = own;
    const row = archiveRow({ tree_hash, size, description, archive_id: 'told' as ArchiveId });
    catalogue.insert({ ...row, account_id: account.id, stored_at: ASKED + MINUTE, told_by: 'inventory' }, null);
    expect(await look()).toMatchObject({ kind: 'stored', archiveId: 'told' });
    expect(service.asked).toBe(0);
    expect(catalogue.search(all).items).toMatchObject([
      { archiveId: 'told', toldBy: 'upload', location: row.location },
    ]);
  });
});

const all = { ...everyArchive, offset: 0, limit: 10 };
