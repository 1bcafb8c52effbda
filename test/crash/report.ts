import { formatBytes, formatDuration } from '../../shared/units.ts';
import type { MarathonReport } from './marathon.ts';
import type { VaultsReport } from './vaults/marathon.ts';
import type { WayBackReport } from './way-back.ts';

/** A marathon of so many kills has to hit every named point. */
const LONG = 800;

/** What a long run has to be reproached with, beside its violations. */
export function untested({ kills, missed }: Pick<MarathonReport, 'kills' | 'missed'>): string[] {
  return kills < LONG ? [] : missed.map((point) => `No life ended ${point}`);
}

/** Figures, how often each named point was hit, and what went wrong. */
export function inWords(report: MarathonReport, durationMs: number): string {
  const { kills, lives, archives, bytes, unknowable, hits, missed, faults, misfortunes, violations } = report;
  return [
    '',
    `${kills} kills in ${lives} lives, ${formatDuration(durationMs)}`,
    `${archives} files, ${formatBytes(bytes)}`,
    `${unknowable} part(s) sent again that the vault had, because no answer could have said so`,
    `faults on the line: ${table(faults)}`,
    `misfortunes of the vault: ${table(misfortunes)}`,
    '',
    ...ends(hits, missed),
    '',
    ...judgement(violations),
  ].join('\n');
}

/** The same of the way back. */
export function wayBackInWords(report: WayBackReport, durationMs: number): string {
  return briefly(report, durationMs, `${report.retrievals} retrievals`);
}

/** The same of inventories and the emptying of vaults. */
export function vaultsInWords(report: VaultsReport, durationMs: number): string {
  const { vaults, inventories, deleted, retrievals } = report;
  return briefly(
    report,
    durationMs,
    `${vaults} vaults emptied, ${inventories} inventories asked for, ${deleted} archives deleted, ${retrievals} retrievals`,
  );
}

type Brief = Pick<MarathonReport, 'kills' | 'lives' | 'hits' | 'missed' | 'faults' | 'violations'>;

function briefly({ kills, lives, hits, missed, faults, violations }: Brief, durationMs: number, done: string): string {
  return [
    '',
    `${kills} kills in ${lives} lives, ${formatDuration(durationMs)}`,
    done,
    `faults on the line: ${table(faults)}`,
    '',
    ...ends(hits, missed),
    '',
    ...judgement(violations),
  ].join('\n');
}

function ends(hits: ReadonlyMap<string, number>, missed: readonly string[]): string[] {
  const named = [...hits].filter(([, count]) => count > 0).sort(([, a], [, b]) => b - a);
  return [
    'where lives ended:',
    ...named.map(([point, count]) => `${String(count).padStart(6)}  ${point}`),
    ...missed.map((point) => `     -  ${point}`),
  ];
}

function judgement(violations: readonly string[]): string[] {
  return [
    ...violations.map((violation) => `✗ ${violation}`),
    violations.length === 0 ? 'No promise was broken.' : `${violations.length} violation(s)`,
  ];
}

function table(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([what, count]) => `${count} × ${what}`).join(', ') || 'none';
}
