import { type PracticeReply, type PracticeRequest, send, sha256 } from './practice-request.ts';
import { treeHashByDefinition as treeHashOf } from './tree-hash-by-definition.ts';

type Extra = Omit<Partial<PracticeRequest>, 'method' | 'target'>;

/** Glacier's operations in as few words as tests like. Data is sent with right hashes unless `extra` says otherwise. */
export class PracticeClient {
  constructor(
    readonly at: { url: string },
    /** Applied to every request, for example a clock. */
    readonly usual: () => Extra = () => ({}),
  ) {}

  call(method: string, target: string, extra: Extra = {}): Promise<PracticeReply> {
    return send(this.at, { method, target, ...this.usual(), ...extra });
  }

  createVault(name: string): Promise<PracticeReply> {
    return this.call('PUT', `/-/vaults/${name}`);
  }

  initiate(vault: string, partSize: number | string, description?: string): Promise<PracticeReply> {
    const headers = {
      'x-amz-part-size': String(partSize),
      ...(description === undefined ? {} : { 'x-amz-archive-description': description }),
    };
    return this.call('POST', `/-/vaults/${vault}/multipart-uploads`, { headers });
  }

  async newUpload(vault: string, partSize: number): Promise<string> {
    return String((await this.initiate(vault, partSize)).headers['x-amz-multipart-upload-id']);
  }

  part(
    vault: string,
    uploadId: string,
    first: number,
    data: Buffer,
    headers: Record<string, string> = {},
    extra: Extra = {},
  ): Promise<PracticeReply> {
    return this.call('PUT', `/-/vaults/${vault}/multipart-uploads/${uploadId}`, {
      body: data,
      headers: {
        'content-range': `bytes ${first}-${first + data.length - 1}/*`,
        'x-amz-content-sha256': sha256(data),
        'x-amz-sha256-tree-hash': treeHashOf(data),
        ...headers,
      },
      ...extra,
    });
  }

  parts(vault: string, uploadId: string, query = ''): Promise<PracticeReply> {
    return this.call('GET', `/-/vaults/${vault}/multipart-uploads/${uploadId}${query}`);
  }

  complete(vault: string, uploadId: string, size: number | string, treeHash: string): Promise<PracticeReply> {
    const headers = { 'x-amz-archive-size': String(size), 'x-amz-sha256-tree-hash': treeHash };
    return this.call('POST', `/-/vaults/${vault}/multipart-uploads/${uploadId}`, { headers });
  }

  abort(vault: string, uploadId: string): Promise<PracticeReply> {
    return this.call('DELETE', `/-/vaults/${vault}/multipart-uploads/${uploadId}`);
  }

  /** An archive by multipart upload; its ID. */
  async store(vault: string, data: Buffer, partSize: number): Promise<string> {
    const uploadId = await this.newUpload(vault, partSize);
    for (let first = 0; first < data.length; first += partSize) {
      await this.part(vault, uploadId, first, data.subarray(first, first + partSize));
    }
    const done = await this.complete(vault, uploadId, data.length, treeHashOf(data));
    return String(done.headers['x-amz-archive-id']);
  }

  upload(vault: string, data: Buffer, headers: Record<string, string> = {}): Promise<PracticeReply> {
    return this.call('POST', `/-/vaults/${vault}/archives`, {
      body: data,
      headers: { 'x-amz-content-sha256': sha256(data), 'x-amz-sha256-tree-hash': treeHashOf(data), ...headers },
    });
  }

  deleteArchive(vault: string, archiveId: string): Promise<PracticeReply> {
    return this.call('DELETE', `/-/vaults/${vault}/archives/${archiveId}`);
  }

  job(vault: string, body: Record<string, unknown>): Promise<PracticeReply> {
    return this.call('POST', `/-/vaults/${vault}/jobs`, { body: JSON.stringify(body) });
  }

  async newJob(vault: string, body: Record<string, unknown>): Promise<string> {
    return String((await this.job(vault, body)).headers['x-amz-job-id']);
  }

  describeJob(vault: string, jobId: string): Promise<PracticeReply> {
    return this.call('GET', `/-/vaults/${vault}/jobs/${jobId}`);
  }

  output(vault: string, jobId: string, headers: Record<string, string> = {}): Promise<PracticeReply> {
    return this.call('GET', `/-/vaults/${vault}/jobs/${jobId}/output`, { headers });
  }
}
