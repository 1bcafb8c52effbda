import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PRACTICE_CREDENTIALS } from '../../main/practice/credentials.ts';
import { treeHashByDefinition } from '../support/tree-hash-by-definition.ts';
import { endsWithUs } from './children.ts';

export const VAULT = 'photos';
export const REGION = 'us-east-1';
const { accessKeyId, secretAccessKey } = PRACTICE_CREDENTIALS;
export const CREDENTIALS = { accessKeyId, secretAccessKey };

/** An archive as it lies in the vault's folder; the tree hash is that of the stored bytes. */
export type StoredArchive = { archiveId: string; description: string; size: number; treeHash: string };

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

  /** All archives, each read whole. */
  archives(): StoredArchive[] {
    return this.#entries('archives').map((folder) => {
      const { archiveId, description } = readJson(join(folder, 'archive.json')) as StoredArchive;
      const first = (name: string): number => Number(/^\d+/.exec(name)?.[0]);
      const parts = readdirSync(join(folder, 'parts')).sort((a, b) => first(a) - first(b));
      const bytes = Buffer.concat(parts.map((name) => readFileSync(join(folder, 'parts', name))));
      return { archiveId, description, size: bytes.length, treeHash: treeHashByDefinition(bytes) };
    });
  }

  #entries(kind: 'uploads' | 'archives'): string[] {
    const vaults = join(this.folder, REGION, 'vaults');
    return readdirSync(vaults).flatMap((vault) =>
      readdirSync(join(vaults, vault, kind)).map((name) => join(vaults, vault, kind, name)),
    );
  }
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
