import { mainMutants, type Mutant, sharedMutants } from '../mutant.ts';

/** Retry: back-off, credentials, the clock; and expiry, after which an upload starts over. */
export const waits: Mutant[] = [
  ...mainMutants(
    'engine/reaction.ts',
    ['queue/credentials'],
    [['credentials that do not work fail nothing', "if (isAccountFailure(failure)) return 'account';", '']],
  ),
  ...mainMutants(
    'engine/waits.ts',
    ['queue/credentials'],
    [['what was asked with older credentials says nothing', 'if (this.openedAt(key) > since) return;', '']],
  ),
  ...mainMutants(
    'engine/waits.ts',
    ['engine/waits'],
    [['one whose answers are lost again and again keeps nobody waiting', 'this.#suspects.set(key, closed.tried);', '']],
  ),
  ...mainMutants(
    'engine/trial.ts',
    ['queue/multipart'],
    [['what runs already is no trial', 'found.filter((id) => !busy.has(id))', 'found']],
  ),
  ...mainMutants(
    'engine/stepper.ts',
    ['queue/trouble'],
    [
      ['each wait is longer than the one before', '(last?.attempt ?? 0) + 1', '1'],
      [
        'a step that went well ends the waiting',
        "if (queue.head(id)?.hold?.kind === 'backoff') queue.hold(id, { kind: 'recovered', at: clock.now() });",
        '',
      ],
    ],
  ),
  ...mainMutants(
    'engine/stepper.ts',
    ['queue/control'],
    [['a pause counts more than how the attempt ended', "|| task.hold?.kind === 'paused') return;", ') return;']],
  ),
  ...mainMutants(
    'uploads/steps/upload-parts.ts',
    ['queue/trouble'],
    [
      ['a part that arrives ends the waiting', 'recover(upload, context);\n      return null;', 'return null;'],
      ['parts that time out are fewer at once', 'context.parallelism.failed(answer.failure, clock.now());', 'void 0;'],
      ['and more again when they arrive', 'context.parallelism.arrived();', ''],
    ],
  ),
  ...mainMutants(
    'core/parallelism.ts',
    ['core/parallelism'],
    [
      [
        'only a slow line and throttling lower the number',
        "if (kind !== 'timed-out' && kind !== 'throttled') return;",
        '',
      ],
      ['parts that fail together count once', 'if (now - this.#loweredAt < CALM_MS) return;', ''],
      [
        'one part is always sent',
        'Math.max(1, Math.min(this.#allowed(), this.#limit))',
        'Math.min(this.#allowed(), this.#limit * 0.4)',
      ],
    ],
  ),
  ...mainMutants(
    'engine/backoff.ts',
    ['queue/trouble'],
    [
      ['what waiting does not cure is the user’s', 'if (!isTransient(failure))', 'if (false)'],
      ['a wait lasts', 'at + backoffMs(failure, attempt, random, inventoryLagMs)', 'at'],
    ],
  ),
  ...mainMutants(
    'engine/backoff.ts',
    ['core/backoff'],
    [
      ['waits grow exponentially', 'FIRST_WAIT_MS * 2 ** Math.min(attempt - 1, 30)', 'FIRST_WAIT_MS'],
      ['up to a ceiling', 'Math.min(LONGEST_JITTERED_MS, FIRST', 'Math.min(Infinity, FIRST'],
      ['with full jitter', 'return Math.ceil(random() * ceiling);', 'return ceiling;'],
      [
        'never less than the service asks for',
        'Math.max(failure.retryAfterMs ?? 0, jittered(attempt, random))',
        'jittered(attempt, random)',
      ],
      [
        'and never longer than anybody would believe',
        "case 'throttled':\n      return Math.min(LONGEST_WAIT_MS, ",
        "case 'throttled':\n      return Math.min(Infinity, ",
      ],
      [
        'a drive is looked for often',
        'return Math.min(LONGEST_SOURCE_LOOK_MS, SOURCE_LOOK_MS * Math.ceil(attempt / 12));',
        'return jittered(attempt, random);',
      ],
      ['a drive that is long away is looked for more rarely', '* Math.ceil(attempt / 12)', ''],
      ['a clock that was measured needs no wait', 'attempt === 1 ? CLOCK_WAIT_MS : jittered', 'jittered'],
    ],
  ),
  ...mainMutants(
    'engine/backoff.ts',
    ['queue/clock'],
    [['a clock that is set back does not make a wait endless', '|| until > now + LONGEST_WAIT_MS', '']],
  ),
  ...mainMutants(
    'store/tasks/task-statements.ts',
    ['queue/clock'],
    [['nor in the database', 'resume_at > @now + ${LONGEST_WAIT_MS}', 'resume_at > @now + 1e15']],
  ),
  ...mainMutants(
    'store/tasks/task-statements.ts',
    ['store/uploads'],
    [
      ['what waits is not due', 'wait_keys = @keys AND resume_at <= @now\n', 'wait_keys = @keys AND resume_at > 0\n'],
      [
        'what is due comes in the order of the queue',
        'WHERE ${ready} AND wait_keys = @keys ORDER BY position LIMIT @limit',
        'WHERE ${ready} AND wait_keys = @keys ORDER BY position DESC LIMIT @limit',
      ],
    ],
  ),
  ...mainMutants(
    'store/tasks/task-queue.ts',
    ['store/uploads'],
    [
      [
        'uploads of an account that waits are not due',
        '...this.#readyGroups(lane)\n        .filter(open)',
        '...this.#readyGroups(lane)\n        .filter(() => true)',
      ],
    ],
  ),
  ...mainMutants(
    'aws/attempts.ts',
    ['glacier/manners'],
    [
      ['expired credentials are fetched again', 'cure === FRESH_TOKEN ? await signing.renew() : ok(null)', 'ok(null)'],
      ['once', 'if (cure === null || tried.has(cure))', 'if (cure === null || tried.size > 1)'],
      ['a wrong clock is measured', 'this.#clock.learn(refusal.serviceTime)', '0'],
      [
        'each attempt is signed anew',
        'const signing = new Signing(this.#options, () => {\n      signedAt = this.#clock.local();\n      return this.#clock.now();',
        'const at = this.#clock.now();\n    const signing = new Signing(this.#options, () => {\n      signedAt = this.#clock.local();\n      return at;',
      ],
    ],
  ),
  ...mainMutants(
    'aws/attempts.ts',
    ['aws/service-time'],
    [
      ['each answer tells the service’s time', 'this.#observe(sent.value.response, begunAt);', ''],
      ['only the service’s own', 'requestIdOf(answer) !== null &&', ''],
    ],
  ),
  ...mainMutants(
    'aws/refusal-failure.ts',
    ['queue/trouble'],
    [
      ['a 408 is cured by waiting', 'if (status === 408) return', 'if (status === 1408) return'],
      ['so is throttling with 400', "code.startsWith('Throttl') ?", "code.startsWith('Never') ?"],
      ['and with 429', 'status === 429 ||', 'false ||'],
    ],
  ),
  ...mainMutants(
    'uploads/steps/context.ts',
    ['queue/multipart'],
    [
      [
        'what is lost time and again is begun ever more slowly',
        "return times === 1 ? null : { kind: 'multipart-lost', times };",
        'return null;',
      ],
    ],
  ),
  ...mainMutants(
    'uploads/steps/context.ts',
    ['queue/trouble'],
    [['a vault that is gone is the user’s', 'if (!found.ok) return found.failure;', '']],
  ),
  ...sharedMutants(
    'upload.ts',
    ['queue/multipart'],
    [
      [
        'an upload that expired starts over by itself',
        "if (phase.kind === 'uploading') return { kind: 'queued', initiateAskedAt: null };",
        "if (phase.kind === 'uploading') return phase;",
      ],
    ],
  ),
  ...mainMutants(
    'uploads/upload-kind.ts',
    ['queue/multipart'],
    [['and its parts are dropped', "keepsPieces: ({ phase }) => phase.kind !== 'queued',", 'keepsPieces: () => true,']],
  ),
  ...mainMutants(
    'uploads/expiry-watch.ts',
    ['queue/multipart'],
    [
      ['expiry is warned of', "this.#notices.tellMeanwhile('uploads-expiring', notice, now);", ''],
      [
        'four hours before',
        'this.#uploads.expiring(now, now + WARN_MS)',
        'this.#uploads.expiring(now, now + 24 * HOUR)',
      ],
      ['once', 'if (isSame(notice, this.#told)) return;', ''],
    ],
  ),
];
