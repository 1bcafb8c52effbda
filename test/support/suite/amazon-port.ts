import * as sdk from '@aws-sdk/client-glacier';
import { onTestFinished } from 'vitest';
import { fail, ok } from '../../../shared/result.ts';
import { treeHashByDefinition as treeHashOf } from '../tree-hash-by-definition.ts';
import * as read from './amazon-answers.ts';
import type { Place, Seen, Upload, WholeGlacierPort } from './port.ts';
import { whyOf } from './refusals.ts';

type Filter = Parameters<WholeGlacierPort['listJobs']>[1];

/** Amazon's own client, `@aws-sdk/client-glacier`, with each request sent once. */
export function amazonPort({ url, now, credentials }: Place): WholeGlacierPort {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const keys = { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
  const client = new sdk.GlacierClient({ endpoint: url, region: 'us-east-1', credentials: keys, maxAttempts: 1 });
  onTestFinished(() => {
    client.destroy();
  });
  const ask = <T>(work: (client: sdk.GlacierClient) => Promise<T>): Seen<T> => {
    client.config.systemClockOffset = now() - Date.now();
    return outcomeOf(work(client));
  };
  return { ...vaults(ask), ...uploads(ask), ...jobs(ask), ...settings(ask), ...lock(ask), ...account(ask) };
}

type Ask = <T>(work: (client: sdk.GlacierClient) => Promise<T>) => Seen<T>;

async function outcomeOf<T>(work: Promise<T>): Seen<T> {
  try {
    return ok(await work);
  } catch (error) {
    if (!(error instanceof sdk.GlacierServiceException)) throw error;
    return fail({ why: whyOf(error.name, error.message), message: error.message });
  }
}

const own = '-';
const named = (vaultName: string) => ({ accountId: own, vaultName });
const at = ({ vault, uploadId }: Upload) => ({ ...named(vault), uploadId });

function vaults(ask: Ask) {
  return {
    createVault: (vault: string) => ask((it) => done(it.send(new sdk.CreateVaultCommand(named(vault))))),
    describeVault: (vault: string) =>
      ask(async (it) => read.vault(await it.send(new sdk.DescribeVaultCommand(named(vault))))),
    listVaults: () =>
      ask(async (client) => {
        const found = await all(sdk.paginateListVaults({ client }, { accountId: own }), (page) => page.VaultList);
        return found.map(read.vault);
      }),
    deleteVault: (vault: string) => ask((it) => done(it.send(new sdk.DeleteVaultCommand(named(vault))))),
  } satisfies Partial<WholeGlacierPort>;
}

function uploads(ask: Ask) {
  return {
    initiate: (vault: string, partSize: number, archiveDescription: string) =>
      ask(async (it) => {
        const asked = { ...named(vault), partSize: String(partSize), archiveDescription };
        return read.given((await it.send(new sdk.InitiateMultipartUploadCommand(asked))).uploadId);
      }),
    uploadPart: (upload: Upload, first: number, body: Buffer) =>
      ask(async (it) => {
        const part = { ...at(upload), range: `bytes ${first}-${first + body.length - 1}/*`, body };
        return read.given((await it.send(new sdk.UploadMultipartPartCommand(part))).checksum);
      }),
    listParts: (upload: Upload) =>
      ask(async (client) => {
        let partSize = 0;
        const found = await all(sdk.paginateListParts({ client }, at(upload)), (page) => {
          partSize = read.given(page.PartSizeInBytes);
          return page.Parts;
        });
        return { partSize, parts: found.map(read.part) };
      }),
    listUploads: (vault: string) =>
      ask(async (client) => {
        const pages = sdk.paginateListMultipartUploads({ client }, named(vault));
        return (await all(pages, (page) => page.UploadsList)).map(read.upload);
      }),
    complete: (upload: Upload, size: number, checksum: string) =>
      ask(async (it) => {
        const asked = { ...at(upload), archiveSize: String(size), checksum };
        return read.given((await it.send(new sdk.CompleteMultipartUploadCommand(asked))).archiveId);
      }),
    abort: (upload: Upload) => ask((it) => done(it.send(new sdk.AbortMultipartUploadCommand(at(upload))))),
    uploadArchive: (vault: string, archiveDescription: string, body: Buffer) =>
      ask(async (it) => {
        // It falls over a body without bytes.
        const data = body.length > 0 ? { body } : { checksum: treeHashOf(body) };
        const stored = await it.send(new sdk.UploadArchiveCommand({ ...named(vault), archiveDescription, ...data }));
        return { archiveId: read.given(stored.archiveId), treeHash: read.given(stored.checksum) };
      }),
    deleteArchive: (vault: string, archiveId: string) =>
      ask((it) => done(it.send(new sdk.DeleteArchiveCommand({ ...named(vault), archiveId })))),
  } satisfies Partial<WholeGlacierPort>;
}

function jobs(ask: Ask) {
  const start = (vault: string, jobParameters: sdk.JobParameters) =>
    ask(async (it) =>
      read.given((await it.send(new sdk.InitiateJobCommand({ ...named(vault), jobParameters }))).jobId),
    );
  const outputOf = (vault: string, jobId: string, range?: { first: number; last: number }) =>
    ask(async (it) => {
      const bytes = range && { range: `bytes=${range.first}-${range.last}` };
      return read.output(await it.send(new sdk.GetJobOutputCommand({ ...named(vault), jobId, ...bytes })));
    });
  return {
    requestArchive: (vault, wanted) => start(vault, read.archiveRequest(wanted)),
    requestInventory: (vault, wanted) => start(vault, read.inventoryRequest(wanted)),
    describeJob: (vault, jobId) =>
      ask(async (it) => read.job(await it.send(new sdk.DescribeJobCommand({ ...named(vault), jobId })))),
    listJobs: (vault, { completed, status }: Filter) =>
      ask(async (client) => {
        const filter = {
          ...(completed !== undefined && { completed: String(completed) }),
          ...(status && { statuscode: status }),
        };
        const pages = sdk.paginateListJobs({ client }, { ...named(vault), ...filter });
        return (await all(pages, (page) => page.JobList)).map(read.job);
      }),
    output: outputOf,
    async inventory(vault, jobId) {
      const output = await outputOf(vault, jobId);
      return output.ok ? ok(read.inventory(output.value.bytes)) : output;
    },
  } satisfies Partial<WholeGlacierPort>;
}

function settings(ask: Ask) {
  return {
    listTags: (vault) => ask(async (it) => (await it.send(new sdk.ListTagsForVaultCommand(named(vault)))).Tags ?? {}),
    addTags: (vault, Tags) => ask((it) => done(it.send(new sdk.AddTagsToVaultCommand({ ...named(vault), Tags })))),
    removeTags: (vault, TagKeys) =>
      ask((it) => done(it.send(new sdk.RemoveTagsFromVaultCommand({ ...named(vault), TagKeys })))),
    getNotifications: (vault) =>
      orNull(ask(async (it) => read.notifications(await it.send(new sdk.GetVaultNotificationsCommand(named(vault)))))),
    setNotifications: (vault, wanted) =>
      ask((it) => {
        if (wanted === null) return done(it.send(new sdk.DeleteVaultNotificationsCommand(named(vault))));
        const vaultNotificationConfig = { SNSTopic: wanted.snsTopic, Events: wanted.events };
        return done(it.send(new sdk.SetVaultNotificationsCommand({ ...named(vault), vaultNotificationConfig })));
      }),
    getAccessPolicy: (vault) =>
      orNull(
        ask(async (it) =>
          read.given((await it.send(new sdk.GetVaultAccessPolicyCommand(named(vault)))).policy?.Policy),
        ),
      ),
    setAccessPolicy: (vault, Policy) =>
      ask((it) =>
        Policy === null
          ? done(it.send(new sdk.DeleteVaultAccessPolicyCommand(named(vault))))
          : done(it.send(new sdk.SetVaultAccessPolicyCommand({ ...named(vault), policy: { Policy } }))),
      ),
  } satisfies Partial<WholeGlacierPort>;
}

function lock(ask: Ask) {
  return {
    getVaultLock: (vault) =>
      orNull(ask(async (it) => read.vaultLock(await it.send(new sdk.GetVaultLockCommand(named(vault)))))),
    initiateVaultLock: (vault, Policy) =>
      ask(async (it) => {
        const asked = { ...named(vault), policy: { Policy } };
        return read.given((await it.send(new sdk.InitiateVaultLockCommand(asked))).lockId);
      }),
    completeVaultLock: (vault, lockId) =>
      ask((it) => done(it.send(new sdk.CompleteVaultLockCommand({ ...named(vault), lockId })))),
    abortVaultLock: (vault) => ask((it) => done(it.send(new sdk.AbortVaultLockCommand(named(vault))))),
  } satisfies Partial<WholeGlacierPort>;
}

function account(ask: Ask) {
  const accountId = own;
  return {
    getRetrievalPolicy: () =>
      ask(async (it) => read.retrievalPolicy(await it.send(new sdk.GetDataRetrievalPolicyCommand({ accountId })))),
    setRetrievalPolicy: (policy) =>
      ask((it) => {
        const Policy = { Rules: [read.retrievalRule(policy)] };
        return done(it.send(new sdk.SetDataRetrievalPolicyCommand({ accountId, Policy })));
      }),
    listCapacity: () =>
      ask(async (it) => read.capacity(await it.send(new sdk.ListProvisionedCapacityCommand({ accountId })))),
    purchaseCapacity: () =>
      ask(async (it) =>
        read.given((await it.send(new sdk.PurchaseProvisionedCapacityCommand({ accountId }))).capacityId),
      ),
  } satisfies Partial<WholeGlacierPort>;
}

async function done(sent: Promise<unknown>): Promise<null> {
  await sent;
  return null;
}

async function orNull<T>(seen: Seen<T>): Seen<T | null> {
  const result = await seen;
  return !result.ok && result.failure.why === 'not-found' ? ok(null) : result;
}

async function all<Page, T>(pages: AsyncIterable<Page>, itemsOf: (page: Page) => T[] | undefined): Promise<T[]> {
  const found: T[] = [];
  for await (const page of pages) found.push(...(itemsOf(page) ?? []));
  return found;
}
