import { resolve } from 'node:path';
import { type Command as Commander, CommanderError } from 'commander';
import { errorText } from '../../shared/error-text.ts';
import { isTrue } from '../../shared/endpoints.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import type { CommandDefinition } from './definitions/definition.ts';
import { type OptionName, SHARED, type Values, flagOf } from './options.ts';
import { buildProgram, optionsOf } from './program.ts';
import { UsageError } from './read-value.ts';
import { readCount, readSize } from './sizes.ts';
import { usageSentence, withCommandSpelledOut } from './usage.ts';
import type { AccountOptions, Command, Arguments } from './command.ts';

/** Reads the command line; a failure is a sentence for the person who typed it. */
export function readArguments(argv: readonly string[], env: NodeJS.ProcessEnv): Result<Arguments, string> {
  let help = '';
  let read = null as Result<Arguments, string> | null;
  const program = buildProgram(
    argv,
    (definition, chain, operands) => {
      read = readTyped(definition, chain, operands, env);
    },
    (text) => (help += text),
  );
  try {
    program.parse(withCommandSpelledOut(argv), { from: 'user' });
  } catch (error) {
    if (error instanceof UsageError) return fail(errorText(error));
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.version') return ok(just({ kind: 'version' }, argv));
    if (error.exitCode === 0) return ok(just({ kind: 'help', text: help.trimEnd() }, argv));
    return fail(usageSentence(error, argv));
  }
  return read ?? fail('Say what to do. "firn help" lists the commands.');
}

/** Whether errors are to be told to a program, whatever else was typed. */
export function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end < 0 ? argv : argv.slice(0, end)).includes('--json');
}

function just(command: Command, argv: readonly string[]): Arguments {
  const account = readAccount({}, {});
  const speed = { parallel: null, limit: null, gentle: false };
  return { command, dataFolder: null, account, json: asksForJson(argv), quiet: false, ...speed };
}

function readTyped(
  definition: CommandDefinition,
  chain: readonly Commander[],
  operands: readonly string[],
  env: NodeJS.ProcessEnv,
): Result<Arguments, string> {
  if (operands.some((operand) => operand.trim() === '')) return fail('One of the words after the command is empty.');
  const values = valuesOf(definition, chain);
  const parallel = readCount(values.parallel);
  if (!parallel.ok) return parallel;
  const limit = readSize(values.limit, 'rate');
  if (!limit.ok) return limit;
  const command = definition.read(values, operands);
  if (!command.ok) return command;
  const dataFolder = values.data ?? filled(env['FIRN_DATA']);
  return ok({
    command: command.value,
    dataFolder: dataFolder === null ? null : resolve(dataFolder),
    account: readAccount(values, env),
    json: values.json ?? false,
    quiet: values.quiet ?? false,
    parallel: parallel.value,
    limit: limit.value,
    gentle: values.gentle ?? false,
  });
}

/** What was typed, before the command and after it. @throws UsageError for what the command does not know. */
function valuesOf(definition: CommandDefinition, chain: readonly Commander[]): Values {
  const values: Record<string, unknown> = {};
  for (const level of chain) {
    for (const [name, value] of Object.entries<unknown>(level.opts())) {
      if (level.getOptionValueSource(name) !== 'cli') continue;
      const shared = SHARED.find((one) => one === name);
      if (shared && !optionsOf(definition).includes(shared)) throw new UsageError(unknownOption(definition, shared));
      if (shared && name in values && value !== true)
        throw new UsageError(`${flagOf(shared)} was given twice. Say it once.`);
      values[name] = value;
    }
  }
  return values;
}

function unknownOption({ name }: CommandDefinition, option: OptionName): string {
  return `"firn ${name}" has no option ${flagOf(option)}. "firn help ${name}" lists those that it has.`;
}

/** The AWS CLI's order: what was typed, then the variables for Glacier, then those for all services, then the profile. */
function readAccount(values: Values, env: NodeJS.ProcessEnv): AccountOptions {
  const hasKeys = filled(env['AWS_ACCESS_KEY_ID']) !== null;
  const ignoresConfigured = isTrue(env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS']);
  const ofEnvironment = filled(env['AWS_ENDPOINT_URL_GLACIER']) ?? filled(env['AWS_ENDPOINT_URL']);
  const fips = filled(env['AWS_USE_FIPS_ENDPOINT']);
  return {
    profile: values.profile ?? (hasKeys ? null : filled(env['AWS_PROFILE'])),
    settingsProfile: values.profile ?? filled(env['AWS_PROFILE']) ?? 'default',
    region: values.region ?? filled(env['AWS_REGION']) ?? filled(env['AWS_DEFAULT_REGION']),
    endpointUrl: values.endpointUrl ?? (ignoresConfigured ? null : ofEnvironment),
    usesFips: fips === null ? null : isTrue(fips),
    ignoresConfigured,
  };
}

function filled(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}
