import { mainMutants, type Mutant, sharedMutants } from '../mutant.ts';

/** The last request, what follows a refusal of it, and how a lost answer is settled. */
export const lastRequests: Mutant[] = [
  ...sharedMutants(
    'upload.ts',
    ['queue/last-request'],
    [
      [
        'a 404 to complete is settled, and nothing is sent again before',
        "return { kind: 'unconfirmed', treeHash, askedAt, since: at };",
        "return { kind: 'queued', initiateAskedAt: null };",
      ],
    ],
  ),
  ...sharedMutants(
    'upload.ts',
    ['queue/control'],
    [
      [
        'an upload whose last answer is open cannot be cancelled',
        "return hold?.kind === 'failed' ? { kind: 'aborting', multipartUploadId: phase.multipartUploadId } : null;",
        "return { kind: 'aborting', multipartUploadId: phase.multipartUploadId };",
      ],
    ],
  ),
  ...mainMutants(
    'uploads/steps/context.ts',
    ['queue/last-request'],
    [
      [
        'the time of the loss is the service’s',
        "uploads.apply(id, { kind: 'multipart-lost', at: destination.now() });",
        "uploads.apply(id, { kind: 'multipart-lost', at: context.clock.now() });",
      ],
    ],
  ),
  ...mainMutants(
    'glacier/complete.ts',
    ['queue/last-request'],
    [
      ['an answer without an archive ID is none', 'if (!archiveId.ok) return archiveId;', ''],
      ['a tree hash that it repeats must be the archive’s', 'if (confirmed !== treeHash)', 'if (false)'],
    ],
  ),
  ...mainMutants(
    'uploads/steps/complete.ts',
    ['queue/parts', 'queue/last-request'],
    [
      [
        'after a refusal the bad parts are looked for',
        'return findBadParts(upload, phase, answer.failure.message, context);',
        "return { kind: 'completion-rejected', message: answer.failure.message, ranges: [] };",
      ],
      ['in Glacier’s list', 'return there?.last !== last || there.treeHash !== treeHash;', 'return false;'],
      ['and in the file', 'if (local.value !== part.treeHash) differing.push(part);', ''],
      [
        'a refusal for no reason to be found is the user’s',
        "if (bad.length === 0) return { kind: 'completion-rejected', message, ranges: [] };",
        '',
      ],
      ['and so is the third in a row', 'if (refusals.add(upload.id) < MOST_REFUSALS) return null;', 'return null;'],
    ],
  ),
  ...mainMutants(
    'store/uploads.ts',
    ['queue/parts'],
    [
      [
        'bad parts are forgotten with the refusal',
        "if (event.kind === 'completion-rejected') this.#pieces.remove(ofKind(id), event.badParts);",
        '',
      ],
    ],
  ),
  ...mainMutants(
    'uploads/steps/settle.ts',
    ['core/settle'],
    [
      ['the archive must have the same tree hash', 'archive.treeHash === phase.treeHash &&', ''],
      ['the same size', 'archive.size === upload.size &&', ''],
      ['the same description', 'archive.description === upload.description &&', ''],
      ['and no age from before', '&&\n    archive.createdAt >= madeAfter(phase)', ''],
    ],
  ),
  ...mainMutants(
    'uploads/steps/settle.ts',
    ['queue/last-request', 'core/settle'],
    [
      [
        'one that another upload has become is not this one’s',
        '.filter(({ archiveId }) => !catalogue.isTaken(accountId, vault, archiveId))',
        '',
      ],
      ['of several the newest is this one’s', 'b.createdAt - a.createdAt', 'a.createdAt - b.createdAt'],
      [
        'an inventory that may lag proves nothing',
        'const proves = job.askedAt > since + destination.inventoryLagMs;',
        'const proves = true;',
      ],
      ['a later one does', 'const proves = job.askedAt > since + destination.inventoryLagMs;', 'const proves = false;'],
      ['what the catalogue knows is enough', 'if (known) return store(upload, known, context);', ''],
      [
        'a job that is gone is asked for anew',
        "if (!state.ok || state.value.status === 'failed') {\n    jobs.remove(accountId, vault);",
        "if (!state.ok || state.value.status === 'failed') {",
      ],
      ['one job is waited for', 'if (asked.ok) jobs.put(accountId, vault, { jobId: asked.value.jobId, askedAt });', ''],
      [
        'a vault without an inventory is not taken for empty at once',
        'const isEmpty = askedAt > since + destination.inventoryLagMs;',
        'const isEmpty = true;',
      ],
      ['but in the end', 'const isEmpty = askedAt > since + destination.inventoryLagMs;', 'const isEmpty = false;'],
    ],
  ),
  ...mainMutants(
    'store/catalogue.ts',
    ['queue/last-request'],
    [
      ['an archive that an inventory has told of may be this upload’s', "?.told_by === 'upload' ||", ' !== null ||'],
      ['one that was deleted is not', 'this.deletedAt(accountId, vault, archiveId) !== null', 'false'],
    ],
  ),
];
