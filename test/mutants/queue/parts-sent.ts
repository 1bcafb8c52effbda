import { mainMutants, type Mutant, sharedMutants } from '../mutant.ts';

/** Parts and Resume: what counts as acknowledged, and Glacier's list against the rows. */
export const partsSent: Mutant[] = [
  ...mainMutants(
    'glacier/parts.ts',
    ['queue/parts', 'glacier/multipart'],
    [
      ['a part counts only with the tree hash of its bytes', 'confirmed.value === sent.value.treeHash', 'true'],
      [
        'and not without one in the answer',
        'if (!confirmed.ok) return confirmed;',
        'if (!confirmed.ok) return ok(sent.value.treeHash);',
      ],
    ],
  ),
  ...mainMutants(
    'uploads/steps/upload-parts.ts',
    ['queue/parts'],
    [
      ['Glacier is asked for its parts first', '(await reconcile(upload, multipartUploadId, context)) ??', ''],
      ['what is recorded is not sent again', 'if (!done.has(range.first)) yield range;', 'yield range;'],
      [
        'a part whose answer is lost is asked for',
        'if (mayHaveHappened(answer.failure)) context.reconciled.delete(upload.id);',
        '',
      ],
      ['so is one that was interrupted', 'context.reconciled.delete(upload.id);\n    throw error;', 'throw error;'],
      ['ranges that leave a gap are never completed', 'if (!coversWhole(upload, parts))', 'if (false)'],
      [
        'a range must be the planned one',
        'return planned.first === first && planned.last === last;',
        'return planned.first === first;',
      ],
    ],
  ),
  ...mainMutants(
    'uploads/steps/upload-parts.ts',
    ['queue/trouble'],
    [
      [
        'nothing is aborted in the vault because of an error',
        'if (problem) return problem;',
        'if (problem) {\n    await context.destination.abort({ vault: upload.vault, multipartUploadId }, context.signal);\n    return problem;\n  }',
      ],
      [
        'of several failures the one that needs somebody counts',
        "failures.find((failure) => failure.kind === 'multipart-missing' || !isTransient(failure)) ?? ",
        '',
      ],
    ],
  ),
  ...mainMutants(
    'core/in-parallel.ts',
    ['queue/trouble'],
    [
      [
        'after a failure nothing new is begun',
        'if (failures.length > 0 || errors.length > 0) {',
        'if (Number.NaN > 0) {',
      ],
    ],
  ),
  ...mainMutants(
    'uploads/steps/reconcile.ts',
    ['queue/parts'],
    [
      [
        'a row that Glacier lacks is forgotten',
        'return there?.last !== last || there.treeHash !== treeHash;',
        'return there !== undefined && there.treeHash !== treeHash;',
      ],
      [
        'so is one that it has with another hash',
        'return there?.last !== last || there.treeHash !== treeHash;',
        'return there?.last !== last;',
      ],
      ['a part that is recorded is not adopted', 'recorded.has(part.first) ||', ''],
      ['a part of another range is not adopted', '|| !isPlanned(upload, part)', ''],
      ['a part is adopted only for the same bytes', 'local.value === part.treeHash', 'true'],
    ],
  ),
  ...mainMutants(
    'uploads/steps/reconcile.ts',
    ['queue/clock'],
    [
      [
        'what was compared is not compared again',
        'if (reconciled.get(upload.id) === multipartUploadId) return null;',
        '',
      ],
    ],
  ),
  ...mainMutants(
    'glacier/parts.ts',
    ['glacier/manners'],
    [['parts are listed page by page', 'query: pageQuery(marker)', 'query: pageQuery(null)']],
  ),
  ...sharedMutants(
    'part-plan.ts',
    ['core/part-plan'],
    [
      ['an archive fits into 10,000 parts', '&& partCount(size, partSize) <= MAX_PARTS) ??', ') ??'],
      ['the preferred part size is the least', 'partSize >= preferred &&', ''],
    ],
  ),
  ...mainMutants(
    'store/tasks/piece-store.ts',
    ['store/uploads'],
    [['a part that is forgotten does not count', 'bytes: -lengthOf(piece)', 'bytes: 0 * lengthOf(piece)']],
  ),
  ...mainMutants(
    'store/uploads.ts',
    ['store/uploads'],
    [['a part is a sign of life', 'this.#sql.setActive.run(at, id);', '']],
  ),
];
