import { mainMutants, type Mutant, sharedMutants } from '../mutant.ts';

/** What may run: pauses, places, limits, sleep, a full disk, a damaged database, the end. */
export const running: Mutant[] = [
  ...mainMutants(
    'app/open-uploads.ts',
    ['queue/control'],
    [
      ['a paused queue runs nothing', 'settings.get().queuePaused || allowanceNow', 'allowanceNow'],
      [
        'what was cancelled is aborted nevertheless',
        '{ name: UPLOAD_LANES.aborting, limit: places }',
        '{ name: UPLOAD_LANES.aborting, limit: () => (isPaused() ? 0 : places()) }',
      ],
    ],
  ),
  ...mainMutants(
    'engine/runner.ts',
    ['queue/control'],
    [['parts stop at once', 'if (places === 0) this.#interruptAllOf(rule);', '']],
  ),
  ...mainMutants(
    'app/open-uploads.ts',
    ['queue/limits'],
    [
      [
        'outside of its hours the schedule lets nothing run',
        "settings.get().queuePaused || allowanceNow(ground) === 'paused'",
        'settings.get().queuePaused',
      ],
      ['when they begin, it goes on by itself', 'changesWithTime: true,', ''],
      ['a half-sent upload has a place before Glacier forgets it', 'urgent: 1,', ''],
      ['a small file need not wait for huge ones', 'beside: { lane: UPLOAD_LANES.small, limit: () => 1 },', ''],
      ['and only a small one', 'beside: { lane: UPLOAD_LANES.small,', 'beside: { lane: UPLOAD_LANES.large,'],
    ],
  ),
  ...mainMutants(
    'engine/runner.ts',
    ['queue/limits'],
    [['no more uploads run than the user allows', 'if (free <= 0) break;', '']],
  ),
  ...mainMutants(
    'uploads/worker.ts',
    ['queue/limits'],
    [
      ['the limit of bytes counts', "if (allowed !== 'paused') this.#ports.setRate(allowed);", ''],
      [
        'no more parts are on the wire than the user allows',
        'new Slots(\n      () => this.parallelism.current(),',
        'new Slots(\n      () => 100,',
      ],
    ],
  ),
  ...mainMutants(
    'uploads/worker.ts',
    ['queue/clock'],
    [['after sleep Glacier is asked for its parts', 'this.#reconciled.clear();', '']],
  ),
  ...mainMutants(
    'engine/run-loop.ts',
    ['queue/control'],
    [
      ['pausing one stops its parts', 'this.#running.get(id)?.soft.abort();', ''],
      ['who settles an upload waits for its end', 'await this.#running.get(id)?.done;', ''],
      ['an interruption is no failure', 'if (isAbort(error, soft) || ', 'if ('],
      [
        'quitting hears short requests out',
        'const cancel = this.#ports.clock.after(GRACE_MS',
        'this.#hard.abort();\n    const cancel = this.#ports.clock.after(GRACE_MS',
      ],
    ],
  ),
  ...mainMutants(
    'engine/run-loop.ts',
    ['queue/clock'],
    [
      ['asleep nothing is begun', '!disk.isWaiting && !sleep.isAsleep', '!disk.isWaiting'],
      ['parts stop before sleep', 'ports.disk.isWaiting || ports.sleep.isAsleep', 'ports.disk.isWaiting'],
    ],
  ),
  ...mainMutants(
    'engine/run-loop.ts',
    ['queue/disk-full'],
    [
      ['nothing is done that cannot be written down', '!disk.isWaiting && !sleep.isAsleep', '!sleep.isAsleep'],
      [
        'a full disk fails no upload',
        'if (this.#ports.isDamaged(error) || this.#ports.troubleOf(error)) this.#cannotWrite',
        'if (this.#ports.isDamaged(error)) this.#cannotWrite',
      ],
    ],
  ),
  ...mainMutants(
    'engine/run-loop.ts',
    ['engine/runner'],
    [
      [
        'a damaged database halts the queue',
        'if (!isDamaged(error)) return false;',
        'if (isDamaged !== null) return false;',
      ],
    ],
  ),
  ...mainMutants(
    'core/slots.ts',
    ['core/slots'],
    [
      [
        'places are given in the order of asking',
        'this.#waiting.length > 0 || !this.#fits(weight)',
        '!this.#fits(weight)',
      ],
      ['a place is given back once', 'if (given) return;', ''],
    ],
  ),
  ...sharedMutants(
    'schedule.ts',
    ['core/schedule'],
    [
      ['hours may pass midnight', 'minute >= from || minute < to', 'false'],
      ['the lower of two limits counts', 'Math.min(schedule.outside, bytesPerSecond)', 'schedule.outside'],
    ],
  ),
  ...mainMutants(
    'transfer/pace.ts',
    ['transfer/pace'],
    [
      ['bytes wait for their moment', 'if (waitMs > 0) await this.#time.sleep(waitMs);', ''],
      ['what was not used is not saved up', 'now - CATCH_UP_NS', '0n'],
    ],
  ),
];
