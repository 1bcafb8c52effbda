import { mainMutants, type Mutant } from '../mutant.ts';

/** Orphans: what is begun, what a lost beginning leaves, and what becomes of it when the user cancels. */
export const beginnings: Mutant[] = [
  ...mainMutants(
    'uploads/steps/initiate.ts',
    ['queue/multipart'],
    [
      [
        'the intent to initiate is committed before the request',
        "uploads.apply(upload.id, { kind: 'initiate-asked', at: destination.now() });\n  const answer = await destination.initiate({ vault, description, partSize }, signal);",
        "const answer = await destination.initiate({ vault, description, partSize }, signal);\n  uploads.apply(upload.id, { kind: 'initiate-asked', at: destination.now() });",
      ],
      [
        'the time of the question is the service’s',
        "'initiate-asked', at: destination.now()",
        "'initiate-asked', at: 0 + clock.now()",
      ],
      [
        'what an unanswered question began is swept before the next',
        'askedAt === null ? null : await sweepStrays(upload, askedAt, context)',
        'null',
      ],
      [
        'a lost answer leaves the question open',
        'if (mayHaveHappened(answer.failure)) lostInitiates',
        'if (false) lostInitiates',
      ],
      ['a refusal answers it', "else uploads.apply(upload.id, { kind: 'strays-swept', at: clock.now() });", ''],
      [
        'a request may arrive after its asker has gone',
        'if (age < AFTERLIFE_MS) await wait(AFTERLIFE_MS - age, clock, partSignal);',
        '',
      ],
      [
        'a vault that could not be listed is not taken for swept',
        'if (!open.ok) return open.failure;',
        "if (!open.ok) {\n    uploads.apply(upload.id, { kind: 'strays-swept', at: clock.now() });\n    return null;\n  }",
      ],
      ['only what has our description is swept', 'stray.description === upload.description &&', ''],
      ['only what has our part size', 'stray.partSize === upload.partSize &&', ''],
      ['only what was begun since we asked', 'stray.createdAt >= askedAt - CLOCK_TOLERANCE_MS &&', ''],
      ['nothing that one of our uploads works with', '&&\n      !uploads.knowsMultipart(stray.multipartUploadId)', ''],
      ['nothing that has parts', 'if (parts.ok && parts.value.parts.length > 0) continue;', ''],
      [
        'what could not be aborted is not taken for swept',
        "if (!gone.ok && gone.failure.kind !== 'multipart-missing') return gone.failure;",
        '',
      ],
    ],
  ),
  ...mainMutants(
    'uploads/steps/initiate.ts',
    ['queue/clock'],
    [['a new multipart upload has no parts to ask for', 'context.reconciled.set(upload.id, answer.value);', '']],
  ),
  ...mainMutants(
    'uploads/lost-initiates.ts',
    ['core/lost-initiates'],
    [
      ['a question of this life ended when its connection did', 'this.#ends.get(id) ??', ''],
      ['one of an earlier life when its back-off was over', "hold?.kind === 'backoff' ? hold.until : ", ''],
      ['it does not end anew with each look', 'this.#ends.set(id, end);', ''],
    ],
  ),
  ...mainMutants(
    'engine/runner.ts',
    ['queue/multipart'],
    [
      [
        'what an earlier life left unanswered is written down once',
        'this.#loop.writing(() => this.#stepper.workerOf(kind).begin?.());',
        '',
      ],
    ],
  ),
  ...mainMutants(
    'store/uploads.ts',
    ['queue/multipart'],
    [
      [
        'also when a back-off is left from before',
        "(hold.kind === 'backoff' && this.events",
        "(hold.kind === 'failed' && this.events",
      ],
    ],
  ),
  ...mainMutants(
    'uploads/cancel-one.ts',
    ['queue/control'],
    [
      [
        'what runs is heard out before it is cancelled',
        'await ports.runner.suspend((task) => task.id === id)',
        'await ports.runner.suspend(() => false)',
      ],
      ['what an unanswered question began is swept', 'await worker.sweep(id, signal)', 'null'],
      ['while nobody can look for it, the upload goes on', '(unswept !== null && isTransient(unswept))', 'false'],
      ['unless the keys are refused', 'isTransient(unswept))', 'true)'],
    ],
  ),
  ...mainMutants(
    'uploads/queue.ts',
    ['queue/control'],
    [
      [
        'what is busy is not cancelled over its head',
        'if (this.#isBusy(upload) || upload.phase.kind',
        'if (upload.phase.kind',
      ],
    ],
  ),
  ...mainMutants(
    'uploads/steps/abort.ts',
    ['queue/control', 'queue/trouble'],
    [
      ['nothing is called aborted before the service says so', 'if (!gone) return answer.failure as Failure;', ''],
      ['what has expired needs no abort', "answer.failure.kind === 'multipart-missing' ||", ''],
      ['what went with its vault needs none', "|| answer.failure.kind === 'vault-missing'", ''],
    ],
  ),
];
