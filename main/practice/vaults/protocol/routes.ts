import { splitTarget } from '../../signature/canonical.ts';
import { decode, decodeQuery } from '../../exchange/query.ts';

/** All operations of the API of 2012-06-01 by method and path. */
const routes = {
  ListVaults: 'GET vaults',
  CreateVault: 'PUT vaults/:vault',
  DescribeVault: 'GET vaults/:vault',
  DeleteVault: 'DELETE vaults/:vault',
  UploadArchive: 'POST vaults/:vault/archives',
  DeleteArchive: 'DELETE vaults/:vault/archives/:id',
  InitiateMultipartUpload: 'POST vaults/:vault/multipart-uploads',
  ListMultipartUploads: 'GET vaults/:vault/multipart-uploads',
  UploadMultipartPart: 'PUT vaults/:vault/multipart-uploads/:id',
  ListParts: 'GET vaults/:vault/multipart-uploads/:id',
  CompleteMultipartUpload: 'POST vaults/:vault/multipart-uploads/:id',
  AbortMultipartUpload: 'DELETE vaults/:vault/multipart-uploads/:id',
  InitiateJob: 'POST vaults/:vault/jobs',
  ListJobs: 'GET vaults/:vault/jobs',
  DescribeJob: 'GET vaults/:vault/jobs/:id',
  GetJobOutput: 'GET vaults/:vault/jobs/:id/output',
  ListTagsForVault: 'GET vaults/:vault/tags',
  AddTagsToVault: 'POST vaults/:vault/tags?operation=add',
  RemoveTagsFromVault: 'POST vaults/:vault/tags?operation=remove',
  SetVaultNotifications: 'PUT vaults/:vault/notification-configuration',
  GetVaultNotifications: 'GET vaults/:vault/notification-configuration',
  DeleteVaultNotifications: 'DELETE vaults/:vault/notification-configuration',
  SetVaultAccessPolicy: 'PUT vaults/:vault/access-policy',
  GetVaultAccessPolicy: 'GET vaults/:vault/access-policy',
  DeleteVaultAccessPolicy: 'DELETE vaults/:vault/access-policy',
  InitiateVaultLock: 'POST vaults/:vault/lock-policy',
  GetVaultLock: 'GET vaults/:vault/lock-policy',
  AbortVaultLock: 'DELETE vaults/:vault/lock-policy',
  CompleteVaultLock: 'POST vaults/:vault/lock-policy/:id',
  GetDataRetrievalPolicy: 'GET policies/data-retrieval',
  SetDataRetrievalPolicy: 'PUT policies/data-retrieval',
  ListProvisionedCapacity: 'GET provisioned-capacity',
  PurchaseProvisionedCapacity: 'POST provisioned-capacity',
} as const;

export type VaultOperation = keyof typeof routes;
export const vaultOperations = Object.keys(routes) as VaultOperation[];

export type Route = {
  operation: VaultOperation;
  /** As in the path: a number or `-`. */
  accountId: string;
  /** Empty when the operation has none. */
  vault: string;
  id: string;
  query: ReadonlyMap<string, string>;
};

/** What a request asks for; null when there is no such operation. */
export function findRoute(method: string, target: string): Route | null {
  const [path, queryText] = splitTarget(target);
  const [accountId = '', ...segments] = path.split('/').slice(1).map(decode);
  const query = new Map(decodeQuery(queryText));
  for (const [operation, pattern] of Object.entries(routes) as [VaultOperation, string][]) {
    const names = match(pattern, method, segments, query);
    if (names) return { operation, accountId, vault: names.vault, id: names.id, query };
  }
  return null;
}

function match(
  pattern: string,
  method: string,
  segments: readonly string[],
  query: ReadonlyMap<string, string>,
): { vault: string; id: string } | null {
  const [patternMethod, patternPath = ''] = pattern.split(' ');
  const [steps = '', action] = patternPath.split('?operation=');
  const expected = steps.split('/');
  if (method !== patternMethod || expected.length !== segments.length) return null;
  if (action !== undefined && query.get('operation') !== action) return null;
  const found = { vault: '', id: '' };
  for (const [index, step] of expected.entries()) {
    const segment = segments[index] ?? '';
    if (segment === '') return null;
    if (step === ':vault') found.vault = segment;
    else if (step === ':id') found.id = segment;
    else if (step !== segment) return null;
  }
  return found;
}
