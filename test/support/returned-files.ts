import { readFileSync, statSync } from 'node:fs';
import { sep } from 'node:path';
import { readLedger } from '../../main/practice/ledger.ts';
import { RETURNING_COUNT } from './awkward-files.ts';
import { retrievalsIn } from './data-folder.ts';

/** Whether so many retrievals have ended, and another one has a part of its file. */
export function isHalfWay(dataFolder: string, retrieved: number): boolean {
  const all = retrievalsIn(dataFolder);
  const ended = all.filter(({ phase }) => phase.kind === 'retrieved').length;
  return ended >= retrieved && all.some(({ phase, verified }) => phase.kind === 'downloading' && verified.length > 0);
}

/** All ranges that are verified, as `outputsAsked` names them. */
export function verifiedIn(dataFolder: string): string[] {
  return retrievalsIn(dataFolder).flatMap(({ verified }) => verified);
}

/** The outputs that the practice vault was asked for, in order: `JOB bytes=0-1048575`. */
export function outputsAsked(practiceFolder: string): string[] {
  return readLedger(practiceFolder)
    .filter(({ operation }) => operation === 'GetJobOutput')
    .map(({ jobId, range }) => `${jobId ?? ''} ${range ?? ''}`);
}

/** What is not as it was: the awkward files that are to be retrieved, byte for byte, with their dates to the second. */
export function differences(dataFolder: string, target: string, contents: ReadonlyMap<string, Buffer>): string[] {
  const retrievals = retrievalsIn(dataFolder);
  const wrong = retrievals.flatMap(({ path, phase }) => {
    if (path === null || phase.kind !== 'retrieved') return [`${path ?? '?'} is ${phase.kind}`];
    if (!phase.path.startsWith(target + sep)) return [`${phase.path} is outside`];
    const isSame = readFileSync(phase.path).equals(contents.get(path) ?? Buffer.alloc(0));
    const isSameTime = statSync(phase.path).mtimeMs === Math.floor(statSync(path).mtimeMs / 1000) * 1000;
    return [...(isSame ? [] : [`${path} has other bytes`]), ...(isSameTime ? [] : [`${path} has another date`])];
  });
  return retrievals.length === RETURNING_COUNT ? wrong : [...wrong, `${retrievals.length} were retrieved`];
}

/** What a life had verified when it was killed, and how many outputs had been asked for by then. */
export type KilledLife = { verified: readonly string[]; asked: number };

/** Ranges that were asked for again after a life that had verified them. `outputs`: all that were asked for. */
export function fetchedAgain(lives: readonly KilledLife[], outputs: readonly string[]): string[] {
  return lives.flatMap(({ verified, asked }) => verified.filter((range) => outputs.slice(asked).includes(range)));
}
