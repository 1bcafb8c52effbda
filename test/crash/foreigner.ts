import {
  AbortMultipartUploadCommand,
  CreateVaultCommand,
  DeleteArchiveCommand,
  DescribeJobCommand,
  GetJobOutputCommand,
  GlacierClient,
  InitiateJobCommand,
  ResourceNotFoundException,
  UploadArchiveCommand,
  paginateListJobs,
  paginateListMultipartUploads,
} from '@aws-sdk/client-glacier';
import { setTimeout as wait } from 'node:timers/promises';
import { CREDENTIALS, REGION, VAULT } from './vault.ts';

const placeOf = (vaultName: string) => ({ accountId: '-', vaultName });
const place = placeOf(VAULT);

export type InventoryRow = { ArchiveId: string; Size: number; SHA256TreeHash: string; ArchiveDescription: string };

export type VaultInventory = { InventoryDate: string; ArchiveList: InventoryRow[] };

/** Works with the vaults by Amazon's own client, which knows nothing of Firn. */
export class Foreigner {
  readonly #client: GlacierClient;

  constructor(url: string) {
    this.#client = new GlacierClient({ endpoint: url, region: REGION, credentials: CREDENTIALS });
  }

  async openMultipartUploads(): Promise<string[]> {
    const found: string[] = [];
    for await (const page of paginateListMultipartUploads({ client: this.#client }, place)) {
      for (const { MultipartUploadId: id } of page.UploadsList ?? []) if (id !== undefined) found.push(id);
    }
    return found;
  }

  /**
   * What Glacier does to a multipart upload that stood still for too long. False when it is gone already: what a Firn
   * that was killed had asked for may still have been under way.
   */
  async expire(uploadId: string): Promise<boolean> {
    try {
      await this.#client.send(new AbortMultipartUploadCommand({ ...place, uploadId }));
      return true;
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return false;
      throw error;
    }
  }

  async createVault(vault: string): Promise<void> {
    await this.#client.send(new CreateVaultCommand(placeOf(vault)));
  }

  /** Stores an archive; its ID. */
  async store(vault: string, body: Buffer, archiveDescription: string): Promise<string> {
    const { archiveId } = await this.#client.send(
      new UploadArchiveCommand({ ...placeOf(vault), body, archiveDescription }),
    );
    if (archiveId === undefined) throw new Error('An archive has got no ID');
    return archiveId;
  }

  async deleteArchive(vault: string, archiveId: string): Promise<void> {
    await this.#client.send(new DeleteArchiveCommand({ ...placeOf(vault), archiveId }));
  }

  /** The ID of the job; null while the vault has no inventory. */
  async askForInventory(vault: string): Promise<string | null> {
    const jobParameters = { Type: 'inventory-retrieval' };
    try {
      const { jobId } = await this.#client.send(new InitiateJobCommand({ ...placeOf(vault), jobParameters }));
      return jobId ?? null;
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return null;
      throw error;
    }
  }

  /** What a job asked for now tells; it lacks what the vault got in the last seconds. Null while there is no inventory. */
  async inventory(vault: string): Promise<VaultInventory | null> {
    const jobId = await this.askForInventory(vault);
    if (jobId === null) return null;
    const job = { ...placeOf(vault), jobId };
    while (!(await this.#client.send(new DescribeJobCommand(job))).Completed) await wait(200);
    const { body } = await this.#client.send(new GetJobOutputCommand(job));
    return JSON.parse((await body?.transformToString()) ?? '') as VaultInventory;
  }

  /** The descriptions of all jobs that were asked for to retrieve archives; each was paid for. */
  async archiveJobs(): Promise<string[]> {
    const found: string[] = [];
    for await (const page of paginateListJobs({ client: this.#client }, place)) {
      for (const { Action, JobDescription } of page.JobList ?? []) {
        if (Action === 'ArchiveRetrieval') found.push(JobDescription ?? '');
      }
    }
    return found;
  }

  close(): void {
    this.#client.destroy();
  }
}
