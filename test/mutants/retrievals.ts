import { type Mutant, practiceMutants } from './mutant.ts';

/** What comes back, to whom, and when. */
export const retrievals: Mutant[] = [
  ...practiceMutants(
    'vaults/operations/archive-job.ts',
    ['retrieval', 'archives', 'suite'],
    [
      [
        'what is for inventories is refused',
        'if (request.Format || request.InventoryRetrievalParameters)',
        'if (false)',
      ],
      ['an archive must be named', "if (archiveId === '')", 'if (false)'],
      ['it must be of this vault', 'isInOtherVault(service.store, vault, archiveId)', 'false'],
      [
        'it must be there',
        'return archive ? ok(archive) : fail(rejections.archiveMissing(archiveId));',
        'return ok(archive);',
      ],
      ['a range has its form', '/^(\\d{1,15})-(\\d{1,15})$/', '/(\\d{1,15})-(\\d{1,15})/'],
      ['a range ends after it begins', 'range.first <= range.last &&', ''],
      ['a range lies within the archive', 'end <= size &&', ''],
      ['a range begins with a MiB', 'range.first % LEAF_SIZE === 0 &&', ''],
      ['a range ends with a MiB or the archive', '&&\n    (end === size || end % LEAF_SIZE === 0)', ''],
      ['the last MiB may be short', '(end === size || end % LEAF_SIZE === 0)', 'end % LEAF_SIZE === 0'],
      ['a tier is one of three', ": fail(rejections.parameter('Tier', text))", ': ok(text)'],
      ['the retrieval policy is looked at', 'if (refusal) return fail(refusal);', ''],
      ['it holds for standard retrievals alone', "tier.value === 'Standard' ? retrieval", 'true ? retrieval'],
      ['a range that is no node has no tree hash', 'isTreeHashAligned(range, size) ?', 'true ?'],
    ],
  ),
  ...practiceMutants(
    'vaults/operations/inventory-job.ts',
    ['inventory'],
    [
      ['what is for archives is refused', 'if (request.ArchiveId || request.RetrievalByteRange)', 'if (false)'],
      ['a format is one of two', "format !== 'JSON' && format !== 'CSV'", 'false'],
      ['there must be an inventory', 'if (!inventory) return', 'if (false) return'],
      ['a start is a time', 'if (start === null)', 'if (false)'],
      ['an end is a time', 'if (end === null)', 'if (false)'],
      ['a limit is a number from 1', 'limit !== null && !/^[1-9]\\d{0,8}$/.test(limit)', 'false'],
      ['a marker must be one of these', 'if (!rest) return', 'if (false) return'],
      ['the start counts', 'createdAt >= start &&', ''],
      ['the end does not', '&& createdAt < end', '&& createdAt <= end'],
    ],
  ),
  ...practiceMutants(
    'vaults/operations/job-output.ts',
    ['retrieval', 'inventory', 'suite'],
    [
      ['the job must have succeeded', "!== 'Succeeded'", "=== 'never'"],
      ['a range has its form', '/^bytes=(\\d{1,15})-(\\d{1,15})$/', '/(\\d{1,15})-(\\d{1,15})/'],
      ['a range ends after it begins', 'range.first <= range.last &&', ''],
      ['a range lies within the output', '&& range.last < size', ''],
      ['only a range of a job that is a node has a tree hash', 'work.rangeTreeHash === null ||', ''],
      ['only a range that is a node has a tree hash', '|| !isTreeHashAligned(range, size)', ''],
      ['ranges count from the first byte of the job', 'shift(range, output.first)', 'range'],
    ],
  ),
  ...practiceMutants(
    'vaults/tree-range.ts',
    ['tree-range'],
    [
      ['a node ends with a leaf', '|| (end !== size && end % LEAF_SIZE !== 0)', ''],
      ['a node begins at a multiple of its width', 'from % width === 0 &&', ''],
      ['a node is full, or the last', '&& (to - from === width || to === leaves)', ''],
      ['the last node need not be full', '(to - from === width || to === leaves)', 'to - from === width'],
    ],
  ),
  ...practiceMutants(
    'vaults/operations/jobs.ts',
    ['inventory', 'suite'],
    [
      ['a description is looked at', 'if (!description.ok) return description;', ''],
      ['a job is of a kind that there is', 'if (!start) return', 'if (false) return'],
      ['"completed" is yes or no', "!['', 'true', 'false'].includes(completed)", 'false'],
      ['a status must be one of three', "code !== '' && !statusCodes.includes(code)", 'false'],
      ['jobs given up are not listed', '.filter((job) => !isGivenUp(job, now, service.rules))', ''],
    ],
  ),
  ...practiceMutants(
    'vaults/store/jobs.ts',
    ['retrieval', 'inventory', 'suite'],
    [
      ['a job is given up', '&& !isGivenUp(job, now, rules)', ''],
      ['a job takes its time', 'now < record.completesAt', 'false'],
      ['a job whose archive is deleted fails', 'deletedAt !== null && deletedAt < record.completesAt', 'false'],
      ['output that is there stays', 'deletedAt < record.completesAt && deletedAt <= now', 'deletedAt <= now'],
    ],
  ),
  ...practiceMutants(
    'vaults/operations/retrieval-policy.ts',
    ['retrieval'],
    [
      ['there is exactly one rule', '!rule || others.length > 0', '!rule'],
      [
        'a strategy is one of three',
        "strategy !== 'BytesPerHour' && strategy !== 'FreeTier' && strategy !== 'None'",
        'false',
      ],
      ['a limit stands with its strategy alone', 'return valid ?', 'return true ?'],
      ['the limit holds', '> limit ? rejections.policyEnforced() : null', '> limit ? null : null'],
      ['it forgets what is old', 'record.createdAt > now - window', 'true'],
    ],
  ),
];
