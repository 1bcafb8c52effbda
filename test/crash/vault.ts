import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PRACTICE_CREDENTIALS } from '../../main/practice/credentials.ts';
import { treeHashByDefinition } from '../support/tree-hash-by-definition.ts';
import { endsWithUs } from './children.ts';

export const VAULT = 'photos';
export const REGION = 'us-east-1';
const { accessKeyId, secretAccessKey } = PRACTICE_CREDENTIALS;
export const CREDENTIALS = { accessKeyId, secretAccessKey };

/** An archive as it lies in its vault's folder; the tree hash is that of the stored bytes. */
export type StoredArchive = {
  vault: string;
  archiveId: string;
  description: string;
  size: number;
  treeHash: string;
};

export type StoredPart = { multipartUploadId: string; range: string; file: string };

/** The practice vault as a process of its own that can be killed and goes on in the same folder, at the same port. */
export class VaultProcess {
  readonly folder: string;
  readonly #program: string;
  #process: ChildProcess | null = null;
  port = 0;
  kills = 0;

  constructor(program: string, folder: string) {
    this.#program = program;
    this.folder = folder;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const args = [this.#program, '--folder', this.folder, '--fast', '--port', String(this.port)];
    const child = endsWithUs(spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] }));
    this.#process = child;
    const gone = once(child, 'exit').then(() => {
      throw new Error('The practice vault did not start');
    });
    const [line] = (await Promise.race([once(createInterface({ input: child.stdout }), 'line'), gone])) as [string];
    gone.catch(() => undefined);
    this.port = (JSON.parse(line) as { port: number }).port;
  }

  async kill(): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    this.kills += 1;
  }

  /** Parts of multipart uploads that are neither complete nor aborted. Only while the vault does not run. */
  openParts(): StoredPart[] {
    return this.#entries('uploads').flatMap((folder) => {
      const record = readJson(join(folder, 'upload.json')) as { multipartUploadId: string; abortedAt: number | null };
      if (record.abortedAt !== null) return [];
      return readdirSync(join(folder, 'parts')).map((name) => ({
        multipartUploadId: record.multipartUploadId,
        range: name.slice(0, name.indexOf('.')),
        file: join(folder, 'parts', name),
      }));
    });
  }

  losePart({ file }: StoredPart): void {
    rmSync(file);
  }

  /** All archives that nobody has deleted, each read whole. */
  archives(): StoredArchive[] {
    return this.#entries('archives').flatMap((folder) => {
      const { archiveId, description, deletedAt } = readJson(join(folder, 'archive.json')) as ArchiveRecord;
      if (deletedAt !== null) return [];
      const first = (name: string): number => Number(/^\d+/.exec(name)?.[0]);
      const parts = readdirSync(join(folder, 'parts')).sort((a, b) => first(a) - first(b));
      const bytes = Buffer.concat(parts.map((name) => readFileSync(join(folder, 'parts', name))));
      const { name: vault } = readJson(join(folder, '../../vault.json')) as { name: string };
      const size = bytes.length;
      return [{ vault, archiveId, description: description ?? '', size, treeHash: treeHashByDefinition(bytes) }];
    });
  }

  vaults(): string[] {
    return this.#vaultFolders().map((folder) => (readJson(join(folder, 'vault.json')) as { name: string }).name);
  }

  /** Makes archives older than they are. Only while the vault does not run. */
  backdate(archiveIds: readonly string[], byMs: number): void {
    for (const folder of this.#entries('archives')) {
      const file = join(folder, 'archive.json');
      const record = readJson(file) as ArchiveRecord;
      if (!archiveIds.includes(record.archiveId)) continue;
      writeFileSync(file, JSON.stringify({ ...record, createdAt: record.createdAt - byMs }));
    }
  }

  /**
   * Makes each archive take up so many bytes in the output of an inventory job, by blanks, as if the vault had very many. Only
   * while the vault does not run.
   */
  lengthen(jobId: string, bytesEach: number): void {
    for (const folder of this.#entries('jobs')) {
      const file = join(folder, 'job.json');
      const record = readJson(file) as { jobId: string; work: object };
      if (record.jobId !== jobId) continue;
      const { ArchiveList, ...rest } = readJson(join(folder, 'output')) as { ArchiveList: object[] };
      const items = ArchiveList.map(
        (archive) =>
          `${JSON.stringify(archive)
            .slice(0, -1)
            .padEnd(bytesEach - 1)}}`,
      );
      const output = `${JSON.stringify(rest).slice(0, -1)},"ArchiveList":[${items.join(',')}]}`;
      writeFileSync(join(folder, 'output'), output);
      writeFileSync(file, JSON.stringify({ ...record, work: { ...record.work, size: Buffer.byteLength(output) } }));
    }
  }

  #entries(kind: 'uploads' | 'archives' | 'jobs'): string[] {
    return this.#vaultFolders().flatMap((vault) =>
      readdirSync(join(vault, kind)).map((name) => join(vault, kind, name)),
    );
  }

  #vaultFolders(): string[] {
    const vaults = join(this.folder, REGION, 'vaults');
    return readdirSync(vaults).map((name) => join(vaults, name));
  }
}

type ArchiveRecord = { archiveId: string; description: string | null; createdAt: number; deletedAt: number | null };

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
