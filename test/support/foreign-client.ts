import { GlacierClient, paginateListMultipartUploads, paginateListParts } from '@aws-sdk/client-glacier';
import { onTestFinished } from 'vitest';
import { PRACTICE_CREDENTIALS } from '../../main/practice/credentials.ts';

/** Amazon's own client, which knows nothing of Firn. */
export function foreignClient(url: string): GlacierClient {
  const { accessKeyId, secretAccessKey } = PRACTICE_CREDENTIALS;
  const client = new GlacierClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey },
  });
  onTestFinished(() => {
    client.destroy();
  });
  return client;
}

export async function listUploads(client: GlacierClient, vaultName: string) {
  const found = [];
  for await (const page of paginateListMultipartUploads({ client }, { accountId: '-', vaultName })) {
    found.push(...(page.UploadsList ?? []));
  }
  return found;
}

export async function listParts(client: GlacierClient, vaultName: string, uploadId: string) {
  const found = [];
  for await (const page of paginateListParts({ client }, { accountId: '-', vaultName, uploadId })) {
    found.push(...(page.Parts ?? []));
  }
  return found;
}
