import { mainMutants, type Mutant, sharedMutants } from '../mutant.ts';

/** The state machine, its rows, and the journal of archives. */
export const records: Mutant[] = [
  ...sharedMutants(
    'upload.ts',
    ['core/transition'],
    [
      ['what is over stays as it is', 'if (isFinal(phase)) return null;', ''],
      [
        'only what is queued is initiated',
        "return phase.kind === 'queued' ? { kind: 'uploading', multipartUploadId: event.multipartUploadId } : null;",
        "return { kind: 'uploading', multipartUploadId: event.multipartUploadId };",
      ],
      [
        'only what is aborting was aborted',
        "case 'aborted':\n      return phase.kind === 'aborting' ?",
        "case 'aborted':\n      return phase.kind !== 'queued' ?",
      ],
      [
        'what is uploading is aborted when it is cancelled',
        "case 'uploading':\n      return { kind: 'aborting', multipartUploadId: phase.multipartUploadId };",
        "case 'uploading':\n      return { kind: 'cancelled' };",
      ],
      [
        'an abort that is denied may be ended',
        "return hold?.kind === 'failed' ? { kind: 'cancelled' } : null;",
        'return null;',
      ],
    ],
  ),
  ...sharedMutants(
    'hold.ts',
    ['core/transition'],
    [['a success ends a wait and nothing else', "return hold?.kind === 'backoff' ? null : hold;", 'return null;']],
  ),
  ...mainMutants(
    'store/uploads.ts',
    ['store/uploads'],
    [
      ['what is stored is in the catalogue', 'this.#catalogue.add(after, after.phase, archive);', ''],
      [
        'nothing is stored without its place',
        "if (!archive) throw new Error(`${event.kind} came without the archive's location`);",
        'if (!archive) return;',
      ],
    ],
  ),
  ...mainMutants(
    'store/archive-recorder.ts',
    ['store/archive-journal'],
    [
      [
        'the line of an archive is written before the commit',
        'if (!this.#isTogether) this.#writePending();',
        'if (!this.#isTogether) queueMicrotask(() => this.#writePending());',
      ],
      ['a line that cannot be written is doubted', 'doubtAgreement(this.#db);\n', ';\n'],
      [
        'and written later',
        'this.#journal.append(this.#pending);\n    this.#pending = [];',
        'this.#journal.append(this.#pending.splice(0));',
      ],
    ],
  ),
  ...mainMutants(
    'store/tasks/task-store.ts',
    ['store/uploads'],
    [['the journal of the upload tells each event', 'if (!isRepeated) this.#sql.journal.run(row);', '']],
  ),
  ...mainMutants(
    'uploads/upload-kind.ts',
    ['queue/control'],
    [
      [
        'a user’s pause is not an abort’s',
        "mayPause: ({ phase }) => phase.kind !== 'aborting',",
        'mayPause: () => true,',
      ],
    ],
  ),
];
