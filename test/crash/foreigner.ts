import {
  AbortMultipartUploadCommand,
  DescribeJobCommand,
  GetJobOutputCommand,
  GlacierClient,
  InitiateJobCommand,
  ResourceNotFoundException,
  paginateListJobs,
  paginateListMultipartUploads,
} from '@aws-sdk/client-glacier';
import { setTimeout as wait } from 'node:timers/promises';
import { CREDENTIALS, REGION, VAULT } from './vault.ts';

const place = { accountId: '-', vaultName: VAULT };

export type InventoryRow = { ArchiveId: string; Size: number; SHA256TreeHash: string; ArchiveDescription: string };

/** Looks at the vault with Amazon's own client, which knows nothing of Firn. */
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

  /** An inventory asked for now; it lacks what the vault got in the last seconds. */
  async inventory(): Promise<InventoryRow[]> {
    const jobParameters = { Type: 'inventory-retrieval' };
    const { jobId } = await this.#client.send(new InitiateJobCommand({ ...place, jobParameters }));
    const job = { ...place, jobId };
    while (!(await this.#client.send(new DescribeJobCommand(job))).Completed) await wait(200);
    const { body } = await this.#client.send(new GetJobOutputCommand(job));
    return (JSON.parse((await body?.transformToString()) ?? '') as { ArchiveList: InventoryRow[] }).ArchiveList;
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
