import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readArguments } from '../../main/command-line/arguments.ts';
import { completionScript } from '../../main/command-line/completion.ts';
import { commands } from '../../main/command-line/definitions/index.ts';
import { SHELLS } from '../../main/command-line/shells.ts';
import { exitWords } from '../../main/command-line/exit-code.ts';
import { manualPage } from '../../main/command-line/manual-page.ts';
import { SHARED, flagOf, options, type OptionName } from '../../main/command-line/options.ts';
import { asTyped, optionsOf } from '../../main/command-line/program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const names = Object.keys(options) as OptionName[];

function failureOf(...argv: string[]): string {
  const read = readArguments(argv, {});
  return read.ok ? 'none' : read.failure;
}

/** As a shell would split it, as far as the examples need. */
function wordsOf(example: string): string[] {
  const [, line = ''] = /firn (.*)$/.exec(asTyped(example).replace(/^.*\| /, '')) ?? [];
  return [...line.replace(/ > .*$/, '').matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '');
}

describe.each(commands.map((command) => [command.name, command] as const))('firn %s', (name, command) => {
  const words = name.split(' ');

  test('has help with its options and examples that can be typed', () => {
    const help = readArguments(['help', ...words], {});
    if (!help.ok || help.value.command.kind !== 'help') throw new Error('no help');
    for (const option of optionsOf(command)) expect(help.value.command.text).toContain(flagOf(option));
    for (const example of command.examples) expect(failureOf(...wordsOf(example)), example).toBe('none');
  });

  test('refuses by name whatever option it does not have, behind it or before it', () => {
    for (const option of names.filter((one) => one !== 'noWait' && !optionsOf(command).includes(one))) {
      if (option === 'wait' && optionsOf(command).includes('noWait')) continue;
      const typed = options[option].flags.includes('<') ? [flagOf(option), 'value'] : [flagOf(option)];
      const words_ = `"firn ${name}" has no option ${flagOf(option)}`;
      expect(failureOf(...words, ...typed)).toContain(words_);
      if ((SHARED as readonly string[]).includes(option)) expect(failureOf(...typed, ...words)).toContain(words_);
    }
  });
});

test.each([
  [['delete', '--vualt', 'a'], 'Did you mean --vault?'],
  [['catalouge'], 'Did you mean "firn catalogue"?'],
  [['vault', 'lst'], 'Did you mean "firn vault list"?'],
  [['vault'], 'Say what to do: "firn vault create"'],
  [['delete', '-abc'], 'Put -- before an ID'],
  [['delete', '-hxyz'], 'Put -- before an ID'],
  [['delete', '--vault', 'a', '--vault', 'b'], '--vault was given twice'],
  [['--region', 'a', 'delete', '--region', 'b'], '--region was given twice'],
  [['delete', '--search', '--vault', 'a'], '--search needs a value, but --vault follows'],
  [['delete', '--id'], '--id needs a value'],
  [['retrieve', '--to', 'x', '--all', '--tier', 'fast'], '--tier is one of'],
  [['retrieve', '--to', 'x', '--range', '9-5', 'a'], 'no range of bytes'],
  [['retrieve', '--to', 'x', '--range', '0-5', '--all'], 'for one archive'],
  [['upload', '--vault', 'a', '--null', 'b'], '--null is for'],
  [['upload', '--place', 's3://bucket/x', 'b'], 'is a bucket'],
  [['upload', '--place', 'ftp://x', 'b'], 'no place that Firn knows'],
  [['upload', '--place', 'a', 'b'], 'Write it like vault:a'],
  [['run', '--limit', '0'], 'is no rate'],
  [['cancel', '--kind', 'uploads'], 'Say which ones'],
])('%j is answered with a sentence', (argv, words) => {
  expect(failureOf(...argv)).toContain(words);
});

test('what may stand before a command says the same there', () => {
  const before = readArguments(['--data', '/d', '--region', 'eu-west-1', '--json', 'delete', '--id=--x'], {});
  expect(before).toEqual(readArguments(['delete', '--id=--x', '--json', '--region', 'eu-west-1', '--data', '/d'], {}));
  expect(before).toMatchObject({ ok: true, value: { dataFolder: '/d', json: true } });
});

test('the document tells every exit status as the help does', () => {
  const document = readFileSync(join(root, 'docs/command-line.md'), 'utf8').replaceAll(/\s+/g, ' ');
  for (const [code, words] of exitWords) expect(document).toContain(`| ${code} | ${words}`);
});

test.runIf(spawnSync('groff', ['--version']).status === 0)('the manual page is one that groff understands', () => {
  const { stdout, stderr, status } = spawnSync('groff', ['-man', '-ww', '-Kutf8', '-Tascii'], {
    input: manualPage('1.2.3'),
  });
  expect([status, stderr.toString()]).toEqual([0, '']);
  const text = stdout
    .toString()
    .replaceAll(/.\u0008|\u001b\[\d*m/g, '')
    .replaceAll(/\s+/g, ' ');
  for (const { name } of commands) expect(text).toContain(`firn ${name}`);
  expect(text).toContain('--endpoint-url <URL>');
});

/** What bash offers after each of these lines; the last word is the one that is typed. One bash for all. */
function offered(lines: readonly string[][]): string[][] {
  const file = join(temporaryFolder(), 'firn.bash');
  const calls = lines.map((words) => {
    const typed = words.map((word) => `'${word}'`).join(' ');
    return `COMP_WORDS=(firn ${typed}); COMP_CWORD=${words.length}; _firn; echo "\${COMPREPLY[*]}"`;
  });
  writeFileSync(file, [completionScript('bash'), 'compopt() { :; }', ...calls].join('\n'));
  const { stdout, stderr } = spawnSync('bash', [file], { cwd: root });
  expect(stderr.toString()).toBe('');
  return stdout
    .toString()
    .split('\n')
    .map((line) => line.split(' '));
}

test.runIf(spawnSync('bash', ['--version']).status === 0)('bash completes commands, options and their values', () => {
  const [command, group, option, ofGroup, value, file, shell, unknown] = offered([
    ['ca'],
    ['--data', 'x', 'vault', ''],
    ['delete', '--s'],
    ['vault', 'empty', '--cl'],
    ['retrieve', '--tier', ''],
    ['upload', 'package.js'],
    ['completion', ''],
    ['queue', '--reg'],
  ]);
  expect(command).toEqual(['catalogue', 'cancel']);
  expect(group).toEqual(['create', 'list', 'empty']);
  expect(option).toEqual(['--search']);
  expect(ofGroup).toEqual(['--close']);
  expect(value).toEqual(['Expedited', 'Standard', 'Bulk']);
  expect(file).toEqual(['package.json']);
  expect(shell).toEqual([...SHELLS]);
  expect(unknown).toEqual(['']);
});

test.each(['zsh', 'fish'] as const)('the completion for %s names every command and option', (shell) => {
  const script = completionScript(shell);
  for (const { name, options: own } of commands) {
    expect(script).toContain(name.split(' ').at(-1));
    for (const option of own)
      expect(script).toContain(shell === 'fish' ? `-l ${flagOf(option).slice(2)}` : flagOf(option));
  }
});
