import { Command as Commander, Option } from 'commander';
import { ACCOUNT, FILTERS, type OptionName, SHARED, SPEED, definitionOf } from './options.ts';
import { exitWords } from './exit-code.ts';
import type { CommandDefinition } from './definitions/definition.ts';
import { commands, groups } from './definitions/index.ts';
import { UsageError, readValue } from './read-value.ts';

/** Hears which command was typed. `chain`: the program, the group if any, and the command itself. */
type Typed = (definition: CommandDefinition, chain: readonly Commander[], operands: readonly string[]) => void;

const FIRST_LINE = 'Files into Amazon Glacier, and proof that they are there.';

/**
 * The parser and its help. It prints nothing and ends nothing: help and errors are thrown as a `CommanderError`, whose text
 * is what `written` hears.
 */
export function buildProgram(argv: readonly string[], typed: Typed, written: (text: string) => void): Commander {
  const program = new Commander('firn')
    .description(FIRST_LINE)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeOut: written, writeErr: ignore, outputError: ignore })
    .configureHelp({ helpWidth: WIDTH, subcommandTerm: (command) => command.name(), showGlobalOptions: false })
    .helpOption('--help', 'says how a command is used (also -h)')
    .helpCommand(false)
    .version('', '--version', 'says which Firn this is')
    .addHelpText('after', programFooter);
  addOptions(program, SHARED, argv);
  const parents = new Map<string, Commander>([['', program]]);
  for (const definition of commands) {
    const words = definition.name.split(' ');
    const name = words.pop() ?? '';
    const parent = parents.get(words.join(' ')) ?? addGroup(program, words.join(' '), argv, parents);
    addCommand(parent, name, definition, argv, (leaf, operands) => {
      typed(definition, parent === program ? [program, leaf] : [program, parent, leaf], operands);
    });
  }
  return program;
}

function ignore(): void {
  // What commander would print is said by whoever catches its error.
}

function addGroup(
  program: Commander,
  name: string,
  argv: readonly string[],
  parents: Map<string, Commander>,
): Commander {
  const group = program
    .command(name)
    .description(groups[name] ?? '')
    .helpCommand(false)
    .enablePositionalOptions();
  addOptions(group, SHARED, argv);
  for (const option of group.options) option.hideHelp();
  parents.set(name, group);
  return group;
}

function addCommand(
  parent: Commander,
  name: string,
  definition: CommandDefinition,
  argv: readonly string[],
  action: (leaf: Commander, operands: readonly string[]) => void,
): void {
  const { summary, details = [], operand, examples } = definition;
  const leaf = parent
    .command(name)
    .summary(summary)
    .description([`firn ${definition.name}: ${summary}.`, ...details].join('\n\n'))
    .allowExcessArguments()
    .addHelpText('after', `\nExamples:\n${examples.map((example) => `  ${asTyped(example)}`).join('\n')}`);
  addOptions(leaf, optionsOf(definition), argv, definition);
  if (operand) leaf.argument(`[${operand.name}${operand.many ? '...' : ''}]`, operand.about);
  leaf.action(() => {
    const most = operand ? (operand.many ? Infinity : 1) : 0;
    if (leaf.args.length > most) throw new UsageError(excess(definition, leaf.args.slice(most)));
    action(leaf, leaf.args);
  });
}

function excess({ name, operand }: CommandDefinition, words: readonly string[]): string {
  return `"firn ${name}" takes ${operand ? `one ${operand.name}` : 'no further words'}, but got also "${words.join(' ')}".`;
}

/** Every option of a command. */
export function optionsOf({ options }: CommandDefinition): OptionName[] {
  return [...options, ...(['data', 'json', 'quiet'] as const)];
}

export function asTyped(example: string): string {
  return example.includes('firn ') ? example : `firn ${example}`;
}

function addOptions(
  command: Commander,
  names: readonly OptionName[],
  argv: readonly string[],
  definition?: CommandDefinition,
): void {
  for (const name of names) {
    const { flags, choices, many } = definitionOf(name);
    const option = new Option(flags, aboutOf(name, definition)).helpGroup(groupOf(name, definition));
    if (option.required) {
      option.argParser((value: string, before: unknown) =>
        readValue(value, before, { flag: option.long ?? flags, choices, many: many ?? false, argv }),
      );
    }
    command.addOption(option);
  }
}

export function aboutOf(name: OptionName, definition?: CommandDefinition): string {
  return definition?.about?.[name] ?? definitionOf(name).about;
}

function groupOf(name: OptionName, definition?: CommandDefinition): string {
  const isOneOf = (names: readonly OptionName[]): boolean => names.includes(name);
  if (definition?.filters && isOneOf([...FILTERS, 'kind'])) return 'Which ones (each narrows the choice):';
  if (isOneOf(ACCOUNT)) return 'Whose vaults:';
  if (isOneOf(SPEED)) return 'How fast:';
  return isOneOf(SHARED) ? 'Everywhere:' : 'Options:';
}

/** What there is to know beside the commands, a paragraph each. */
export const programNotes: readonly string[] = [
  '"firn help COMMAND" says how a command is used. --data, --profile, --region, --endpoint-url, --json and --quiet may stand before the command or after it.',
  'Credentials come from the environment or the profile, as in the AWS CLI; never from the command line. AWS_PROFILE, AWS_REGION, AWS_DEFAULT_REGION, AWS_ENDPOINT_URL_GLACIER, AWS_ENDPOINT_URL and AWS_USE_FIPS_ENDPOINT, and endpoint_url, services and use_fips_endpoint of the profile, are heeded where a command goes to Amazon; which archives and tasks are meant is said by what is typed alone.',
  'Proxies come from HTTPS_PROXY and NO_PROXY, further certificates to trust from AWS_CA_BUNDLE.',
];

const WIDTH = 100;

function programFooter({ command }: { command: Commander }): string {
  const help = command.createHelp();
  const notes = programNotes.map((note) => help.boxWrap(note, WIDTH));
  const statuses = exitWords.map(([code, words]) => `  ${String(code).padStart(3)}  ${words}`);
  return ['', ...notes.flatMap((note) => [note, '']), 'Exit status:', ...statuses].join('\n');
}
