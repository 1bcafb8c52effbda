import { setTimeout as wait } from 'node:timers/promises';
import { DAY, MiB, SECOND } from '../../../shared/units.ts';
import type { SeededRandom } from '../random.ts';
import type { Stage } from '../stage.ts';
import { VAULT } from '../vault.ts';
import type { Records } from './records.ts';
import type { Repetitions } from './repetitions.ts';

const NEGATIVES = 'negatives';
export const KEPT = [VAULT, NEGATIVES];

/** A vault that is to be emptied. */
export type Emptied = {
  vault: string;
  closes: boolean;
  /** Somebody puts an archive in when the emptying has begun. */
  isBusy: boolean;
  /** The ID of that archive. */
  late: string | null;
  /** Firn was told to delete that, too. */
  isWidened: boolean;
};

/** An archive of a kept vault. `isOld`: old enough to be missed as soon as an inventory does not list it. */
export type Kept = { vault: string; archiveId: string; isForeign: boolean; isOld: boolean; isGone: boolean };

/** More than one transaction of a reconciliation takes. */
const MANY = 90;
/** An inventory of so many takes two ranges then. */
const LONG = 1 * MiB - 1;
const LONG_AGO = 5 * DAY;
const descriptions = [
  '',
  'scans of 1987, box 3',
  '<m><v>4</v><p>bGl0dGxlL2xha2UucmF3</p><lm>20120516T234030Z</lm></m>',
  'mt2 eyJmaWxlbmFtZSI6ImxpdHRsZS9sYWtlLnJhdyIsIm10aW1lIjoiMjAxMjA1MTZUMjM0MDMwWiJ9',
];

/** The vaults of the marathon with all that anybody puts into them and takes out of them. */
export class Stock {
  readonly kept: Kept[] = [];
  readonly emptied: Emptied[] = [];
  /** IDs of archives that Firn is told to delete one by one. */
  readonly doomed = new Set<string>();
  readonly #stage: Stage;
  readonly #random: SeededRandom;
  readonly #repetitions: Repetitions;

  constructor(stage: Stage, repetitions: Repetitions) {
    this.#stage = stage;
    this.#random = stage.random.for('stock');
    this.#repetitions = repetitions;
  }

  /** Before the first kill. The IDs of the archives that Firn has uploaded. */
  async fill(): Promise<string[]> {
    const { lives, sources, foreigner, vault } = this.#stage;
    await foreigner.createVault(VAULT);
    await foreigner.createVault(NEGATIVES);
    const paths = sources.make(4).map(({ path }) => path);
    await lives.ask('upload', '--vault', VAULT, '--part-size', '1MiB', ...paths);
    const own = vault.archives().map(({ archiveId }) => archiveId);
    if (own.length !== paths.length) throw new Error('The files were not stored before the first kill');
    this.kept.push(
      ...own.map((archiveId) => ({ vault: VAULT, archiveId, isForeign: false, isOld: false, isGone: false })),
    );
    for (let made = 0; made < 3; made += 1) await this.#put(VAULT);
    for (let made = 0; made < MANY; made += 1) await this.#put(NEGATIVES);
    await this.#backdate();
    return own;
  }

  /** One more vault that is to be emptied, with archives of others and now and then of Firn's own. */
  async another(): Promise<Emptied> {
    const { lives, sources, foreigner } = this.#stage;
    const number = this.emptied.length + 1;
    const vault = `box-${number}`;
    await foreigner.createVault(vault);
    if (number % 2 === 1) {
      const [source] = sources.make(1);
      await lives.ask('upload', '--vault', vault, '--part-size', '1MiB', source?.path ?? '');
    }
    const count = this.#random.between(1, 6);
    for (let made = 0; made < count; made += 1) await foreigner.store(vault, this.#bytes(), this.#description());
    const emptied = { vault, closes: number % 3 > 0, isBusy: number % 4 === 2, late: null, isWidened: false };
    this.emptied.push(emptied);
    return emptied;
  }

  /** What others do between two lives of Firn. */
  async change(records: Records): Promise<void> {
    for (const emptied of this.emptied) await this.#disturb(emptied, records);
    await this.stir(records);
    const choice = this.#random.next();
    if (choice < 0.12) await this.#put(this.#random.pick(KEPT));
    else if (choice < 0.24) await this.#take();
    else if (choice < 0.32) await this.#askForInventory(this.#random.pick(KEPT));
  }

  /**
   * The date of an inventory stands still while nothing changes, for days in which Firn cannot tell that it is new. So now and
   * then somebody stores something in a vault that was emptied, and thinks better of it.
   */
  async stir({ chores }: Records): Promise<void> {
    const waiting = chores.filter(({ phase }) => phase === 'confirming');
    for (const { vault } of waiting) {
      if (!this.#random.chance(0.15)) continue;
      const { foreigner } = this.#stage;
      // A life that has just ended may have deleted the vault.
      const archiveId = await foreigner.store(vault, this.#bytes(), 'a mistake').catch(() => null);
      if (archiveId !== null) await foreigner.deleteArchive(vault, archiveId);
    }
  }

  /** Dooms a few archives of which the catalogue knows. */
  doom(records: Records): void {
    const known = new Set(records.catalogue.map(({ archive_id }) => archive_id));
    const free = this.#takeable().filter(({ archiveId }) => known.has(archiveId));
    for (const { archiveId } of free.slice(0, this.#random.between(1, 3))) this.doomed.add(archiveId);
  }

  /** Waits until the inventory of a kept vault tells how it stands; the inventory's date. */
  async settled(vault: string): Promise<number> {
    const { foreigner } = this.#stage;
    const there = this.kept.filter((archive) => archive.vault === vault && !archive.isGone);
    const ids = new Set(there.map(({ archiveId }) => archiveId).filter((id) => !this.doomed.has(id)));
    const deadline = Date.now() + 60 * SECOND;
    for (;;) {
      const found = await foreigner.inventory(vault);
      const listed = found?.ArchiveList.map(({ ArchiveId }) => ArchiveId) ?? [];
      const isRight = listed.length === ids.size && listed.every((id) => ids.has(id));
      if (isRight || Date.now() > deadline) return Date.parse(found?.InventoryDate ?? '');
      await wait(1 * SECOND);
    }
  }

  async #put(vault: string): Promise<void> {
    const archiveId = await this.#stage.foreigner.store(vault, this.#bytes(), this.#description());
    this.kept.push({ vault, archiveId, isForeign: true, isOld: false, isGone: false });
  }

  /** Somebody else deletes an archive of which Firn may know. */
  async #take(): Promise<void> {
    const free = this.#takeable();
    if (free.length === 0) return;
    const old = free.filter(({ isOld }) => isOld);
    const archive = this.#random.pick(old.length > 0 ? old : free);
    await this.#stage.foreigner.deleteArchive(archive.vault, archive.archiveId);
    archive.isGone = true;
  }

  #takeable(): Kept[] {
    return this.kept.filter(({ archiveId, isForeign, isGone }) => isForeign && !isGone && !this.doomed.has(archiveId));
  }

  async #disturb(emptied: Emptied, { chores }: Records): Promise<void> {
    const { vault, isBusy, late } = emptied;
    if (!isBusy || late !== null || !this.#random.chance(0.5)) return;
    if (!chores.some((chore) => chore.vault === vault && chore.phase !== 'done')) return;
    emptied.late = await this.#stage.foreigner.store(vault, this.#bytes(), 'late').catch(() => null);
  }

  /** Some of the jobs get an output as of a vault with very many archives. */
  async #askForInventory(vault: string): Promise<void> {
    const { foreigner, vault: service } = this.#stage;
    const jobId = await foreigner.askForInventory(vault);
    if (jobId === null) return;
    this.#repetitions.foreignJob(vault, jobId);
    if (vault !== NEGATIVES || !this.#random.chance(0.5)) return;
    await service.kill();
    service.lengthen(jobId, LONG);
    await service.start();
  }

  async #backdate(): Promise<void> {
    const { vault } = this.#stage;
    const old = this.kept.filter(({ isForeign }) => isForeign).filter((_, index) => index % 4 === 0);
    await vault.kill();
    vault.backdate(
      old.map(({ archiveId }) => archiveId),
      LONG_AGO,
    );
    await vault.start();
    for (const archive of old) archive.isOld = true;
  }

  #bytes(): Buffer {
    return this.#random.bytes(this.#random.between(1, 3000));
  }

  #description(): string {
    return this.#random.pick(descriptions);
  }
}
