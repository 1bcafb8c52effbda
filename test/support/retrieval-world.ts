import { everyArchive } from '../../shared/archive.ts';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WantedRetrieval } from '../../main/retrievals/retrievals.ts';
import type { Retrieval } from '../../main/retrievals/ports.ts';
import type { RetrievalId } from '../../shared/retrieval.ts';
import { shownHold } from '../../shared/wait.ts';
import { MINUTE, MiB } from '../../shared/units.ts';
import { VAULT, World, type WorldOptions } from './world.ts';

/** A vault with archives in it, and a folder to retrieve them into. */
export class RetrievalWorld {
  readonly world: World;
  /** Where retrieved files go. */
  readonly target: string;

  private constructor(world: World) {
    this.world = world;
    this.target = join(world.folder, 'target');
    mkdirSync(this.target);
  }

  static async open(options: WorldOptions = {}): Promise<RetrievalWorld> {
    return new RetrievalWorld(await World.open(options));
  }

  /** Stores a file; its path, and the catalogue's number of its archive. */
  async store(name: string, content?: number | Uint8Array): Promise<{ path: string; archive: number; bytes: Buffer }> {
    const path = this.world.file(name, content);
    const [id] = await this.world.add([path], { partSize: 16 * MiB });
    if (id === undefined) throw new Error(`${name} was not added`);
    await this.world.reaches(id, 'stored');
    const [row] = this.world.app.catalogue.rows(everyArchive);
    if (row?.path !== path) throw new Error(`${name} is not the newest archive`);
    return { path, archive: row.id, bytes: readFileSync(path) };
  }

  /** The same of one archive. */
  async retrieveOne(archive: number, changes: Partial<WantedRetrieval> = {}): Promise<RetrievalId> {
    const [id] = await this.retrieve([archive], changes);
    if (id === undefined) throw new Error('Nothing was added');
    return id;
  }

  /** The ranges of outputs that reached Firn whole, in order. */
  fetched(): string[] {
    return this.world.line.passages
      .filter(({ operation, status }) => operation === 'GetJobOutput' && status === 206)
      .map(({ range }) => range ?? '');
  }

  /** The ranges that are written down, as a request names them. */
  verified(id: RetrievalId): string[] {
    return this.world.app.retrievalStore.ranges(id).map(({ first, last }) => `bytes=${first}-${last}`);
  }

  /** Jobs that the vault has begun. */
  async jobs(): Promise<Record<string, unknown>[]> {
    const { json } = await this.world.client.call('GET', `/-/vaults/${VAULT}/jobs`);
    return json['JobList'] as Record<string, unknown>[];
  }

  /** Queues the archives; the ids of their retrievals. */
  async retrieve(archives: readonly number[], changes: Partial<WantedRetrieval> = {}): Promise<RetrievalId[]> {
    const { retrievals, retrievalStore } = this.world.app;
    const known = new Set(retrievalStore.list().map(({ id }) => id));
    const wanted = { range: null, tier: 'Standard', onExisting: 'ask', folder: this.target, ...changes } as const;
    const { token } = await retrievals.preview({ kind: 'ids', ids: archives }, wanted);
    const added = await retrievals.enqueue(token, wanted);
    if (!added.ok) throw new Error(JSON.stringify(added.failure));
    return retrievalStore
      .list()
      .map(({ id }) => id)
      .filter((id) => !known.has(id));
  }

  /** Held by what it waits for with others, too, as people see it. */
  retrieval(id: RetrievalId): Retrieval {
    const found = this.world.app.retrievalStore.get(id);
    if (!found) throw new Error(`There is no retrieval ${id}`);
    return { ...found, hold: shownHold(found, this.world.app.engine.waits.list()) };
  }

  /** `downloading backoff target-full`: phase, hold, and failure. */
  state(id: RetrievalId): string {
    const { phase, hold } = this.retrieval(id);
    const failure = hold && 'failure' in hold ? hold.failure.kind : null;
    return [phase.kind, hold?.kind, failure].filter((word) => word).join(' ');
  }

  /** The kinds of what happened, in order. */
  events(id: RetrievalId): string[] {
    return this.world.app.retrievalStore.events(id, 10_000).map(({ kind }) => kind);
  }

  /** Time passes, a quarter of an hour at once, while nothing runs, until the retrieval is in that state. */
  async reaches(id: RetrievalId, state: string, stepMs = 15 * MINUTE): Promise<void> {
    await this.world.until(`${state}, not ${this.state(id)}`, () => {
      if (this.state(id) === state) return true;
      if (this.isStill()) this.world.pass(stepMs);
      return false;
    });
  }

  isStill(): boolean {
    return this.world.isIdle;
  }

  /** Where the file of a retrieval is. */
  fileOf(id: RetrievalId): string {
    const { phase } = this.retrieval(id);
    if (phase.kind !== 'retrieved') throw new Error(`Not retrieved, but ${this.state(id)}`);
    return phase.path;
  }
}
