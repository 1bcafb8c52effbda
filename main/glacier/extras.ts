import type { DeadConnections } from '../aws/dead-connections.ts';
import { deleteArchive, uploadArchive } from './archives.ts';
import { binder } from './bind.ts';
import type { Client } from './client.ts';
import { jobOutput } from './job-output.ts';
import { requestArchive, requestInventory } from './job-requests.ts';
import { describeJob, listJobs } from './jobs.ts';
import { getRetrievalPolicy, setRetrievalPolicy } from './retrieval-limits.ts';
import { deleteVault } from './vaults.ts';

/** What vaults can do beyond keeping uploads: the operations of these files, for one account. Each is sent once. */
export type GlacierExtras = ReturnType<typeof extrasOf>;

export function extrasOf(client: Client) {
  const bind = binder(client);
  return {
    deleteVault: bind(deleteVault),
    uploadArchive: bind(uploadArchive),
    deleteArchive: bind(deleteArchive),
    requestArchive: bind(requestArchive),
    requestInventoryJob: bind(requestInventory),
    describeJob: bind(describeJob),
    listJobs: bind(listJobs),
    jobOutput: bind(jobOutput),
    getRetrievalPolicy: bind(getRetrievalPolicy),
    setRetrievalPolicy: bind(setRetrievalPolicy),
    /** The number of the AWS account; null when nobody tells it. */
    accountNumber: (signal: AbortSignal) => client.accountNumber(signal),
    /** Whom it speaks with: host and port. */
    host: client.host,
    /** How far this computer is behind the service, in milliseconds; null before its first answer. */
    clockOffsetMs: () => client.clockOffsetMs(),
    /** Closes connections that lead nowhere any more; what is on its way over them fails as `offline`. */
    dropConnections: (dead: DeadConnections) => {
      client.dropConnections(dead);
    },
    /** Closes the connections. */
    close: () => {
      client.close();
    },
  };
}
