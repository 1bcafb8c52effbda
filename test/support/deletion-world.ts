import { type ArchiveChoice, everyArchive } from '../../shared/archive.ts';
import { rmSync, statSync } from 'node:fs';
import type { ChoreDetail, ChoreId, ChoreView } from '../../shared/chore.ts';
import { HOUR } from '../../shared/units.ts';
import type { ArchiveId } from '../../shared/upload.ts';
import { archiveId, archiveRow } from './catalogue.ts';
import { treeHashByDefinition } from './tree-hash-by-definition.ts';
import { VAULT, World, type WorldOptions } from './world.ts';

/** A vault with archives that are to be deleted. */
export class DeletionWorld {
  readonly world: World;
  #stored = 0;

  private constructor(world: World) {
    this.world = world;
  }

  static async open(options: WorldOptions = {}): Promise<DeletionWorld> {
    return new DeletionWorld(await World.open(options));
  }

  /** Puts small archives into the vault, as if an import had told of them; their IDs. */
  async store(count: number, vault = VAULT): Promise<ArchiveId[]> {
    const ids: ArchiveId[] = [];
    for (let made = 0; made < count; made += 1) {
      this.#stored += 1;
      const path = this.world.file(`${this.#stored}.raw`, Buffer.from(`archive ${this.#stored}`));
      const archive_id = await this.storeForeign(`archive ${this.#stored}`, vault);
      const { size, mtimeNs } = statSync(path, { bigint: true });
      const place = { account_id: this.world.accountId, region: 'us-east-1', vault, archive_id, location: '' };
      const file = { path, size: Number(size), modified_ns: mtimeNs.toString() };
      const tree_hash = treeHashByDefinition(Buffer.from(`archive ${this.#stored}`)) as never;
      const stored_at = this.world.clock.now();
      this.world.app.catalogue.insert({ ...archiveRow(), ...place, ...file, tree_hash, stored_at }, null);
      ids.push(archive_id);
    }
    return ids;
  }

  /** Archives that only the catalogue has: deleting what is gone already succeeds, and nothing has to be uploaded first. */
  imagine(count: number): void {
    const { app, accountId, clock } = this.world;
    for (let made = 0; made < count; made += 1) {
      const archive_id = archiveId(`imagined${made}`);
      const place = { account_id: accountId, vault: VAULT, archive_id };
      app.catalogue.insert({ ...archiveRow(), ...place, stored_at: clock.now() }, null);
    }
  }

  /** The same of another program, of which Firn knows nothing. */
  async storeForeign(text: string, vault = VAULT): Promise<ArchiveId> {
    const stored = await this.world.client.upload(vault, Buffer.from(text));
    return String(stored.headers['x-amz-archive-id']) as ArchiveId;
  }

  removeFile(name: string): void {
    rmSync(`${this.world.folder}/files/${name}`);
  }

  /** Queues the deletion of all that the catalogue has. */
  deleteAll(): Promise<ChoreId[]> {
    return this.delete({ kind: 'matching', ...everyArchive, except: [] });
  }

  /** Shows what would be lost, and queues the deletion of that. */
  async delete(choice: ArchiveChoice): Promise<ChoreId[]> {
    const { token } = await this.world.app.deleting.preview(choice);
    const added = await this.world.app.deleting.delete(token);
    if (!added.ok) throw new Error(JSON.stringify(added.failure));
    return added.value;
  }

  async empty(closes = true, vault = VAULT): Promise<ChoreId> {
    const place = { accountId: this.world.accountId, vault };
    const added = await this.world.app.deleting.empty(place, closes, this.world.clock.now());
    if (!added.ok) throw new Error(JSON.stringify(added.failure));
    return added.value;
  }

  detail(id: ChoreId): ChoreDetail {
    const detail = this.world.app.deleting.detail(id);
    if (!detail.ok) throw new Error(`There is no chore ${id}`);
    return detail.value;
  }

  chore(id: ChoreId): ChoreView {
    return this.detail(id).chore;
  }

  /** `confirming backoff vault-not-yet-empty`: phase, hold, and failure. */
  state(id: ChoreId): string {
    const { phase, hold } = this.chore(id);
    const failure = hold && 'failure' in hold ? hold.failure.kind : null;
    return [phase, hold?.kind, failure].filter((word) => word).join(' ');
  }

  /** When the newest archive came that an emptying stopped for. */
  latest(id: ChoreId): number {
    const { hold } = this.chore(id);
    if (hold?.kind !== 'failed' || hold.failure.kind !== 'vault-in-use') throw new Error(`It is ${this.state(id)}`);
    return hold.failure.newestAt;
  }

  events(id: ChoreId): string[] {
    return this.detail(id).events.map(({ kind }) => kind);
  }

  /** Time passes, an hour at once, while nothing runs, until the chore is in that state. */
  async reaches(id: ChoreId, state: string, stepMs = HOUR): Promise<void> {
    await this.world.until(`${state}, not ${this.state(id)}`, () => {
      if (this.state(id) === state) return true;
      if (this.world.isIdle) this.world.pass(stepMs);
      return false;
    });
  }

  /** IDs of the archives that Glacier really has. */
  async inVault(vault = VAULT): Promise<string[]> {
    const { archives } = await this.#describeAfterADay(vault);
    return archives;
  }

  async #describeAfterADay(vault: string): Promise<{ archives: string[] }> {
    this.world.pass(26 * HOUR);
    const job = await this.world.client.newJob(vault, { Type: 'inventory-retrieval' });
    this.world.pass(6 * HOUR);
    const output = await this.world.client.output(vault, job);
    const { ArchiveList } = JSON.parse(output.body.toString()) as { ArchiveList: { ArchiveId: string }[] };
    return { archives: ArchiveList.map(({ ArchiveId }) => ArchiveId) };
  }
}
