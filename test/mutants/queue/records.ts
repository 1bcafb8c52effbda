import { mainMutants, type Mutant, sharedMutants } from '../mutant.ts';

/** The state machine, its rows, and the journal of archives. */
export const records: Mutant[] = [
  ...sharedMutants(
    'upload.ts',
    ['core/transition'],
    [
      ['what is over stays as it is', 'if (isFinal(phase)) return illegal();', ''],
      [
        'only what is queued is initiated',
        "if (phase.kind !== 'queued') return illegal();\n      return { phase: { kind: 'uploading'",
        "return { phase: { kind: 'uploading'",
      ],
      [
        'only what is aborting was aborted',
        "case 'aborted':\n      return phase.kind === 'aborting' ?",
        "case 'aborted':\n      return phase.kind !== 'queued' ?",
      ],
      [
        'what is uploading is aborted when it is cancelled',
        "case 'uploading':\n      return { phase: { kind: 'aborting', multipartUploadId: phase.multipartUploadId }, hold: null };",
        "case 'uploading':\n      return { phase: { kind: 'cancelled' }, hold: null };",
      ],
      [
        'an absence keeps no hold',
        "? { phase: { kind: 'queued', initiateAskedAt: null }, hold: withoutWait(hold) }",
        "? { phase: { kind: 'queued', initiateAskedAt: null }, hold }",
      ],
      [
        'an absence ends no pause',
        "? { phase: { kind: 'queued', initiateAskedAt: null }, hold: withoutWait(hold) }",
        "? { phase: { kind: 'queued', initiateAskedAt: null }, hold: null }",
      ],
      [
        'an abort that is denied may be ended',
        "return hold?.kind === 'failed' ? { phase: { kind: 'cancelled' }, hold: null } : null;",
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
      ['the journal of the upload tells each event', 'if (!isRepeated) this.#sql.journal.run(id, event.at, json);', ''],
      ['what is stored is in the catalogue', 'this.#catalogue.add(row, progress.phase, archive);', ''],
      [
        'nothing is stored without its place',
        "if (!archive) throw new Error(`${event.kind} came without the archive's location`);",
        'if (!archive) return;',
      ],
      [
        'listeners hear after the commit',
        'const next = this.#db.transaction(() => this.#move(id, event, archive)).immediate();',
        'this.#announce([id]);\n    const next = this.#db.transaction(() => this.#move(id, event, archive)).immediate();',
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
    'uploads/queue.ts',
    ['queue/control'],
    [
      [
        'a user’s pause is not an abort’s',
        "hold?.kind === 'paused' || phase.kind === 'aborting' ? null",
        "hold?.kind === 'paused' ? null",
      ],
    ],
  ),
];
