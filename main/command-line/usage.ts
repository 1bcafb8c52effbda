import type { CommanderError } from 'commander';
import { commands, groups } from './definitions/index.ts';
import { SHARED, definitionOf, flagOf } from './options.ts';

/** What commander found wrong with the command line, as a sentence that names what was typed and what is nearest to it. */
export function usageSentence({ code, message }: CommanderError, argv: readonly string[]): string {
  const command = commandIn(argv);
  const [, typed = ''] = /'([^']*)'/s.exec(message) ?? [];
  const [, nearest = null] = /Did you mean (?:one of )?([^?]*)\?/.exec(message) ?? [];
  const hint = nearest === null ? '' : ` Did you mean ${nearest}?`;
  switch (code) {
    case 'commander.unknownOption':
      return `${command === '' ? '"firn"' : `"firn ${command}"`} has no option ${typed}.${hint}${mayBeId(typed) ? ' Put -- before an ID that begins with a minus.' : ` "firn help${command === '' ? '' : ` ${command}`}" lists those that it has.`}`;
    case 'commander.unknownCommand':
      return noSuchCommand(command in groups ? `${command} ` : '', typed, nearest);
    case 'commander.help':
      return `Say what to do: ${commandsOf(`${command} `)}.`;
    case 'commander.optionMissingArgument':
      return `${typed.split(' ')[0] ?? typed} needs a value after it.`;
    default:
      return message.replace(/^error: /, '');
  }
}

/** IDs of archives begin with any of 64 characters. */
function mayBeId(typed: string): boolean {
  return /^-[^-]/.test(typed);
}

/** `group`: the word before, and a blank. */
function noSuchCommand(group: string, typed: string, nearest: string | null): string {
  const hint = nearest === null ? '' : ` Did you mean "firn ${group}${nearest}"?`;
  const search = group === 'catalogue ' ? ` To look for it: firn catalogue --search ${typed}.` : '';
  const list = group === '' ? '"firn help" lists the commands.' : `There are ${commandsOf(group)}.`;
  return `There is no command "firn ${group}${typed}".${hint}${search} ${list}`;
}

function commandsOf(group: string): string {
  const names = commands.filter(({ name }) => name.startsWith(group)).map(({ name }) => `"firn ${name}"`);
  return names.join(', ');
}

/** `help COMMAND` is `COMMAND --help`, and `catalogue` alone lists. */
export function withCommandSpelledOut(argv: readonly string[]): string[] {
  if (argv.length === 0) return ['--help'];
  const end = argv.indexOf('--');
  const asked = argv.findIndex((word, at) => word === '-h' && (end < 0 || at < end));
  if (asked >= 0) return withCommandSpelledOut(argv.with(asked, '--help'));
  const at = firstWordAt(argv);
  if (at === null) return [...argv];
  if (argv[at] === 'help') return [...argv.slice(0, at), ...argv.slice(at + 1), '--help'];
  const next = argv[at + 1];
  const isList = argv[at] === 'catalogue' && (next === undefined || (next.startsWith('-') && next !== '--help'));
  return isList ? argv.toSpliced(at + 1, 0, 'list') : [...argv];
}

/** What is typed as the command, as far as there is such a one: `catalogue export`, `catalogue`, or nothing. */
function commandIn(argv: readonly string[]): string {
  const [first = '', second = ''] = wordsOf(argv).filter((word) => word !== 'help');
  if (commandNamed(`${first} ${second}`)) return `${first} ${second}`;
  if (first === 'catalogue' && second === '') return 'catalogue list';
  return commandNamed(first) || first in groups ? first : '';
}

function commandNamed(name: string) {
  return commands.find((command) => command.name === name);
}

/** The first words that are neither options nor the values of options that may stand before a command. */
function wordsOf(argv: readonly string[]): string[] {
  const at = firstWordAt(argv);
  return at === null ? [] : argv.slice(at).filter((word) => !word.startsWith('-'));
}

function firstWordAt(argv: readonly string[]): number | null {
  const taking = SHARED.filter((name) => definitionOf(name).flags.includes('<')).map(flagOf);
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    if (!word.startsWith('-')) return at;
    if (taking.includes(word)) at += 1;
  }
  return null;
}
