import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../../main/command-line/definitions/index.ts';
import { flagOf } from '../../main/command-line/options.ts';
import type { Subject, Surface } from '../../shared/failure-words/wording.ts';
import {
  type Failure,
  type OfflineCause,
  explain,
  explainInOneLine,
  isAccountFailure,
  isTransient,
  printable,
  titleOf,
} from '../../shared/failure.ts';
import { failures } from '../support/failures.ts';

const surfaces: Surface[] = ['window', 'command-line'];
const subjects: Subject[] = ['task', 'request'];
/** One kind with causes, each of which has a remedy of its own. */
const offline = {
  ...{ line: true, name: true, refused: true, cut: true, stale: true, proxy: true, 'proxy-login': true },
  ...{ untrusted: true, 'wrong-host': true, 'certificate-date': true, 'ca-file': true },
} satisfies Record<OfflineCause, true>;
const all = [
  ...Object.values(failures),
  ...Object.keys(offline).map((cause) => ({ ...failures.offline, cause: cause as OfflineCause })),
];
const everywhere: [Failure['kind'], Surface, Subject, Failure][] = all.flatMap((failure) =>
  surfaces.flatMap((surface) =>
    subjects.map((subject): [Failure['kind'], Surface, Subject, Failure] => [failure.kind, surface, subject, failure]),
  ),
);

describe('a failure', () => {
  it.each(everywhere)(
    'of kind %s says in the %s, of a %s, what went wrong and what to do',
    (_, surface, subject, failure) => {
      const { title, remedy } = explain(failure, surface, subject);
      expect(title).toBe(titleOf(failure));
      for (const sentence of [title, remedy]) {
        expect(sentence).toMatch(/^["\p{Lu}\d]/u);
        expect(sentence.length).toBeGreaterThan(10);
        expect(sentence).not.toMatch(/undefined|null|NaN|\[object|\.\.|  | \./);
      }
      expect(remedy).toMatch(/[.?!]$/);
    },
  );

  it.each(everywhere)('of kind %s names in the %s, of a %s, only what is there', (_, surface, subject, failure) => {
    const { remedy } = explain(failure, surface, subject);
    const named = quotedIn(remedy).filter((name) => !isToldBy(failure, name));
    expect(named.filter((name) => !exists[surface](name))).toEqual([]);
    expect(remedy).not.toMatch(foreignTo[surface]);
  });

  it.each(everywhere)(
    'of kind %s promises in the %s, of a %s, to go on exactly when Firn does',
    (_, surface, subject, failure) => {
      const { remedy } = explain(failure, surface, subject);
      expect(/by itself/.test(remedy)).toBe(subject === 'task' && isTransient(failure));
    },
  );

  it.each(all.map((failure) => [failure.kind, failure] as const))(
    'of kind %s stays the same through JSON',
    (_, failure) => {
      expect(JSON.parse(JSON.stringify(failure))).toEqual(failure);
    },
  );

  it('is cured by waiting, or is the account’s, or needs somebody: never two of them', () => {
    for (const failure of all) {
      expect(isTransient(failure) && isAccountFailure(failure), failure.kind).toBe(false);
    }
  });

  it('is told in one line of a terminal by title and remedy of the command line', () => {
    const failure = failures['file-unreadable'];
    const { title, remedy } = explain(failure, 'command-line');
    expect(explainInOneLine(failure)).toBe(`${title} ${remedy}`);
  });

  it('quotes the request ID that Amazon’s support asks for', () => {
    expect(explain(failures['service-error'], 'window').remedy).toContain('request-1');
  });

  it('says whether the clock is slow or fast', () => {
    expect(titleOf({ kind: 'clock-wrong', offsetMs: 360_000 })).toContain('6 min slow');
    expect(titleOf({ kind: 'clock-wrong', offsetMs: -360_000 })).toContain('6 min fast');
  });

  it('shows control characters of a path instead of obeying them', () => {
    expect(printable('a\nb\u001b[31mc\u2028d')).toBe('a\\u000ab\\u001b[31mc\\u2028d');
    expect(titleOf({ kind: 'source-missing', path: 'a\nb' })).not.toContain('\n');
  });
});

/** What only the other surface has. */
const foreignTo: Record<Surface, RegExp> = {
  // What to type for another tool is the same everywhere.
  window: /"firn |(?<!\baws (?:sso )?login )--|AWS_|[Rr]un the command/,
  'command-line': /\bchoose "|in Settings|in Vaults|in Deletions|[Pp]ractice vault/,
};

const exists: Record<Surface, (name: string) => boolean> = {
  window: (name) => windowSource.some((text) => hasLabel(text, name)),
  'command-line': (name) => /^firn /.test(name) && isCommand(name),
};

/** `firn retry ID`, `firn inventory VAULT`, `firn vault empty --also-new NAME`: there is such a command, with these options. */
function isCommand(name: string): boolean {
  const [, ...words] = name.split(' ');
  const typed = words.filter((word) => /^[a-z]/.test(word)).join(' ');
  const flags = commands.find((command) => command.name === typed)?.options.map(flagOf);
  return flags !== undefined && words.filter((word) => word.startsWith('--')).every((word) => flags.includes(word));
}

/** As a button's or a link's text, or the name of an action. */
function hasLabel(source: string, name: string): boolean {
  return source.includes(`'${name}'`) || new RegExp(`>\\s*${name}\\s*<`).test(source);
}

const renderer = join(import.meta.dirname, '../../renderer');
const windowSource = readdirSync(renderer, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(svelte|ts)$/.test(path))
  .map((path) => readFileSync(join(renderer, path), 'utf8'));

function quotedIn(text: string): string[] {
  return [...text.matchAll(/"([^"]+)"/g)].map(([, quoted = '']) => quoted);
}

function isToldBy(failure: Failure, text: string): boolean {
  return (Object.values(failure) as unknown[]).includes(text);
}
