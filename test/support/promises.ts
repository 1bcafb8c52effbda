import { join } from 'node:path';
import Database from 'better-sqlite3';
import { archivesOnDisk } from './vault-on-disk.ts';
import { treeHashByDefinition } from './tree-hash-by-definition.ts';
import { VAULT, type World } from './world.ts';

/** Checks Firn's promises from outside: the vault's files, its service as others see it, the database, the line. */
export async function brokenPromises(world: World): Promise<string[]> {
  return [
    ...world.bugs,
    ...brokenInVault(world),
    ...(await brokenMultiparts(world)),
    ...sentTwice(world),
    ...brokenDatabase(world),
  ];
}

/** The vault and the catalogue have the same archives, and each holds the bytes whose hash the catalogue knows. */
function brokenInVault(world: World): string[] {
  const problems: string[] = [];
  const archives = archivesOnDisk(world.practiceFolder, VAULT).filter(({ archiveId }) => !world.foreign.has(archiveId));
  const known = new Map([...world.app.catalogue.all('')].map((archive) => [archive.archiveId as string, archive]));
  const intended = new Map<string, number>();
  for (const { vault, phase } of world.app.uploads.list()) {
    if (phase.kind !== 'stored') continue;
    if (vault === VAULT) intended.set(phase.archiveId, (intended.get(phase.archiveId) ?? 0) + 1);
    if (!known.has(phase.archiveId)) problems.push(`stored, but not in the catalogue: ${phase.archiveId}`);
  }
  for (const { archiveId, description, bytes } of archives) {
    const listed = known.get(archiveId);
    if (!listed && isUnanswered(world, treeHashByDefinition(bytes))) continue;
    if (!listed) problems.push(`in the vault, but not in the catalogue: ${archiveId}`);
    else if (treeHashByDefinition(bytes) !== listed.treeHash) problems.push(`other bytes than stated: ${listed.path}`);
    else if (bytes.length !== listed.size) problems.push(`another size than stated: ${listed.path}`);
    else if (description !== listed.description) problems.push(`another description than stated: ${listed.path}`);
    if ((intended.get(archiveId) ?? 0) !== 1)
      problems.push(`not one upload, but ${intended.get(archiveId) ?? 0}: ${archiveId}`);
  }
  const there = new Set(archives.map(({ archiveId }) => archiveId));
  for (const { archiveId, vault, path } of known.values()) {
    if (vault === VAULT && !there.has(archiveId)) problems.push(`in the catalogue, but not in the vault: ${path}`);
  }
  return problems;
}

/** Whether the user has paused an upload before it heard of its archive, or made Firn forget it then. */
function isUnanswered(world: World, archiveTreeHash: string): boolean {
  if (world.forgotten.has(archiveTreeHash)) return true;
  return world.app.uploads.list().some(({ phase, hold }) => {
    const awaitsAnswer = phase.kind === 'completing' || phase.kind === 'unconfirmed';
    return awaitsAnswer && phase.treeHash === archiveTreeHash && hold?.kind === 'paused';
  });
}

/** Every multipart upload of ours that is open belongs to an upload that is not over or was given up, or was excused. */
async function brokenMultiparts(world: World): Promise<string[]> {
  const listed = await world.client.call('GET', `/-/vaults/${VAULT}/multipart-uploads?limit=50`);
  const open = (listed.json['UploadsList'] ?? []) as OpenMultipart[];
  const known = new Set<string>();
  for (const { id, phase } of world.app.uploads.list()) {
    if ('multipartUploadId' in phase) known.add(phase.multipartUploadId);
    const events = world.app.uploads.events(id, 10_000);
    if (events.at(-1)?.kind !== 'given-up') continue;
    for (const event of events) if (event.kind === 'multipart-initiated') known.add(event.multipartUploadId);
  }
  const left: string[] = [];
  for (const { MultipartUploadId: id, ArchiveDescription } of open) {
    if (known.has(id) || world.foreign.has(id)) continue;
    if (world.excusedStrays.has(ArchiveDescription) && (await isUnheardOf(world, id))) continue;
    left.push(`multipart upload left open: ${id}`);
  }
  return left;
}

type OpenMultipart = { MultipartUploadId: string; ArchiveDescription: string };

/** Whether Firn never recorded its ID, and nothing was sent into it. */
async function isUnheardOf(world: World, multipartUploadId: string): Promise<boolean> {
  const events = world.app.uploads.list().flatMap(({ id }) => world.app.uploads.events(id, 10_000));
  if (events.some((event) => event.kind === 'multipart-initiated' && event.multipartUploadId === multipartUploadId)) {
    return false;
  }
  const listed = await world.client.parts(VAULT, multipartUploadId);
  return (listed.json['Parts'] as unknown[] | undefined)?.length === 0;
}

/** No range goes out again after its acknowledgement has arrived. */
function sentTwice(world: World): string[] {
  const acknowledged = new Set<string>();
  const problems: string[] = [];
  for (const { operation, multipartUploadId, range, status, bytes } of world.line.passages) {
    if (operation !== 'UploadMultipartPart' || range === null) continue;
    const key = `${multipartUploadId} ${range}`;
    if (acknowledged.has(key) && bytes > 0 && !world.excused.has(range)) problems.push(`sent again: ${key}`);
    if (status === 204) acknowledged.add(key);
  }
  return problems;
}

function brokenDatabase({ dataFolder }: World): string[] {
  const db = new Database(join(dataFolder, 'firn.db'), { readonly: true });
  try {
    const integrity = db.pragma('integrity_check', { simple: true });
    const strangers = db.pragma('foreign_key_check') as unknown[];
    return [
      ...(integrity === 'ok' ? [] : [`integrity_check: ${String(integrity)}`]),
      ...strangers.map((row) => `foreign_key_check: ${JSON.stringify(row)}`),
    ];
  } finally {
    db.close();
  }
}
