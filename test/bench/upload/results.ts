import { formatBytes } from '../../../shared/units.ts';
import type { Row } from '../bench.ts';
import { medianOf } from '../statistics.ts';
import type { Client } from './clients.ts';
import type { Run } from './race.ts';

/** What everybody uploads. Sizes in bytes. */
export type Contest = { size: number; partSize: number; tls: boolean };

type Figure = (run: Run) => number | null;

const RIVAL = 'boto3 × 4';
/**
 * mt-aws-glacier is not installed: measured once with four processes, it had at most 106 MB/s over HTTP in 16 MiB parts
 * where boto3 × 4 had 755 (22 November 2026, two cores with SHA-NI).
 */
const MT_AWS_GLACIER = 106 / 755;

const speed: Figure = (run) => run.megabytesPerSecond;
const cpu: Figure = (run) => run.cpuSecondsPerGiB;
const MAX_MEMORY_MB = 250;

/** The runs of one contest, round after round, and the rows that they make. */
export class Results {
  readonly title: string;
  readonly #contest: Contest;
  readonly #runs = new Map<string, Run[]>();
  readonly #ours = new Set<string>();

  constructor(contest: Contest) {
    this.#contest = contest;
    const { tls, size, partSize } = contest;
    this.title = `${tls ? 'TLS' : 'HTTP'}, ${formatBytes(size)} in ${formatBytes(partSize)} parts`;
  }

  add({ name, isWatched }: Client, run: Run): void {
    this.#runs.set(name, [...(this.#runs.get(name) ?? []), run]);
    if (isWatched) this.#ours.add(name);
  }

  rows(): Row[] {
    return [
      ...[...this.#ours].flatMap((name) => this.#checks(name)),
      ...[...this.#runs.keys()].map((name) => this.#row(name)),
    ];
  }

  #row(name: string): Row {
    const sink = this.#median(name, (run) => run.sinkCpuSecondsPerGiB);
    const p99 = this.#median(name, (run) => run.loop?.p99 ?? null);
    const note = [
      `${times(this.#ratio(name, speed))} as fast`,
      `${decimals(this.#median(name, cpu))} CPU s/GiB (${times(this.#ratio(name, cpu))})`,
      `peak memory ${megabytes(this.#peak(name))}`,
      ...(p99 === null ? [] : [`loop p99 ${decimals(p99)} ms, max ${decimals(this.#worstDelay(name))} ms`]),
      `sink ${decimals(sink)} CPU s/GiB`,
    ];
    const rate = this.#median(name, speed);
    return { what: `${this.title}: ${name}`, value: `${rate?.toFixed(0) ?? '–'} MB/s`, note: note.join(', ') };
  }

  /** What is asked of Firn is asked of uploads in parts of 16 MiB; the bound on memory holds for all. */
  #checks(name: string): Row[] {
    const what = (of: string): string => `${this.title}, ${name}: ${of}`;
    const memory = this.#peak(name);
    const bound = { measured: memory === null ? null : memory / 1e6, atMost: MAX_MEMORY_MB };
    const rows: Row[] = [{ what: what('peak memory'), value: megabytes(memory), note: '', check: bound }];
    if (this.#contest.partSize > 16 * 2 ** 20) return rows;
    const faster = this.#ratio(name, speed);
    const leaner = this.#ratio(name, cpu);
    const rate = { what: what(`speed / ${RIVAL}`), value: times(faster), note: '' };
    if (!this.#contest.tls) {
      const mt = faster === null ? null : faster / MT_AWS_GLACIER;
      const note = 'the peer is reckoned from an earlier run, see README.md';
      rows.push({ ...rate, check: { measured: faster, atLeast: 1.2 } });
      rows.push({ what: what('speed / mt-aws-glacier'), value: times(mt), note, check: { measured: mt, atLeast: 8 } });
      return rows;
    }
    const p99 = this.#median(name, (run) => run.loop?.p99 ?? null);
    const max = this.#worstDelay(name);
    rows.push({ ...rate, check: { measured: faster, atLeast: 1.3 } });
    rows.push({
      what: what(`CPU / ${RIVAL}`),
      value: times(leaner),
      note: '',
      check: { measured: leaner, atMost: 0.75 },
    });
    rows.push({ what: what('event loop of main, p99'), value: ms(p99), note: '', check: { measured: p99, atMost: 5 } });
    rows.push({
      what: what('event loop of main, max'),
      value: ms(max),
      note: '',
      check: { measured: max, atMost: 20 },
    });
    return rows;
  }

  #median(name: string, figure: Figure): number | null {
    return medianOf((this.#runs.get(name) ?? []).map(figure));
  }

  /** The median of the runs' longest delays. */
  #worstDelay(name: string): number | null {
    return this.#median(name, (run) => run.loop?.max ?? null);
  }

  #peak(name: string): number | null {
    return Math.max(0, ...(this.#runs.get(name) ?? []).map((run) => run.peakMemory ?? 0)) || null;
  }

  /** To the rival, round by round, since both had the same machine then. */
  #ratio(name: string, figure: Figure): number | null {
    const rivals = this.#runs.get(RIVAL) ?? [];
    const ratios = (this.#runs.get(name) ?? []).map((run, round) => {
      const rival = rivals[round];
      const [own, other] = [figure(run), rival ? figure(rival) : null];
      return own === null || other === null || other === 0 ? null : own / other;
    });
    return medianOf(ratios);
  }
}

function times(ratio: number | null): string {
  return ratio === null ? '–' : `${ratio.toFixed(2)} ×`;
}

function decimals(number: number | null): string {
  return number?.toFixed(2) ?? '–';
}

function ms(number: number | null): string {
  return number === null ? '–' : `${number.toFixed(1)} ms`;
}

function megabytes(bytes: number | null): string {
  return bytes === null ? '–' : `${Math.round(bytes / 1e6)} MB`;
}
