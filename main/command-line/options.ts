import { EXPORT_FORMATS } from '../../shared/catalogue-exchange.ts';
import { COPIES } from '../../shared/retrieval-quote.ts';
import { EXISTING_ANSWERS } from '../../shared/retrieval.ts';
import { TIERS } from '../../shared/tier.ts';

type OptionDefinition = {
  /** As Commander writes them: `--vault <NAME>`. */
  flags: string;
  about: string;
  /** May be given more than once. */
  many?: true;
  choices?: readonly string[];
  /** What a shell offers for the value. */
  completes?: 'file' | 'folder';
};

/** Every option there is. A command has those that it names, and refuses all others. */
export const options = {
  data: {
    flags: '--data <DIR>',
    about: 'the folder of queue and catalogue (also FIRN_DATA); otherwise the one of the window',
    completes: 'folder',
  },
  json: { flags: '--json', about: 'JSON lines on standard output, one event or row each' },
  quiet: { flags: '--quiet', about: 'says nothing but problems and questions' },

  profile: { flags: '--profile <NAME>', about: 'a profile of the AWS shared config' },
  region: { flags: '--region <REGION>', about: 'a region of AWS, like eu-west-1' },
  endpointUrl: { flags: '--endpoint-url <URL>', about: 'another address of the service' },

  vault: { flags: '--vault <NAME>', about: 'short for --place vault:NAME' },
  place: { flags: '--place <PLACE>', about: 'a place, as vault:NAME' },
  account: {
    flags: '--account <ACCOUNT>',
    about: 'an account by name, ID or 12-digit number ("firn accounts" lists them); may be repeated',
    many: true,
  },
  search: {
    flags: '--search <WORDS>',
    about: 'words that all occur in path, description or vault',
  },
  id: { flags: '--id <ID>', about: 'one of these IDs; may be repeated', many: true },
  all: { flags: '--all', about: 'everything, where nothing else is said' },
  kind: {
    flags: '--kind <KIND>',
    about: 'uploads, retrievals or deletions',
    choices: ['uploads', 'retrievals', 'deletions'],
  },

  dryRun: { flags: '--dry-run', about: 'says what would be done, and does nothing' },
  yes: { flags: '--yes', about: 'asks no question' },
  wait: { flags: '--wait', about: 'waits until Glacier is ready, which takes hours' },
  noWait: { flags: '--no-wait', about: 'ends once Glacier is asked; repeat the command, or "firn run", later' },

  partSize: { flags: '--part-size <SIZE>', about: 'size of the parts, like 16MiB; otherwise as the file needs' },
  again: { flags: '--again', about: 'uploads also what the catalogue or the queue already has' },
  filesFrom: {
    flags: '--files-from <FILE>',
    about: 'reads paths from a file, one a line; - for standard input',
    completes: 'file',
  },
  null: { flags: '--null', about: 'the paths of --files-from are separated by null characters, not lines' },
  include: { flags: '--include <GLOB>', about: 'only files that match; may be repeated', many: true },
  exclude: { flags: '--exclude <GLOB>', about: 'no files and folders that match; may be repeated', many: true },
  parallel: { flags: '--parallel <COUNT>', about: 'parts on the wire at once, 1 to 32' },
  limit: { flags: '--limit <RATE>', about: 'bytes per second, like 500KiB or 2MiB' },
  gentle: { flags: '--gentle', about: 'takes one core, and only while nothing else needs it' },

  format: { flags: '--format <FORMAT>', about: EXPORT_FORMATS.join(', '), choices: EXPORT_FORMATS },
  to: { flags: '--to <PATH>', about: 'where to', completes: 'folder' },
  tier: { flags: '--tier <TIER>', about: `${TIERS.join(', ')}; Standard when nothing is said`, choices: TIERS },
  range: { flags: '--range <FIRST-LAST>', about: 'some bytes of one archive, both ends included' },
  existing: {
    flags: '--existing <ANSWER>',
    about: 'what becomes of files that have the name already: ask, keep-both or replace',
    choices: EXISTING_ANSWERS,
  },
  copies: {
    flags: '--copies <WHICH>',
    about: 'which of several archives with the same content or path: each, one-of-equals or newest (of each path)',
    choices: COPIES,
  },
  copy: { flags: '--copy', about: 'also brings in the newest copy of the catalogue that the vaults hold' },
  close: { flags: '--close', about: 'deletes the vault as well, once it is empty' },
  alsoNew: { flags: '--also-new', about: 'deletes also what came since an earlier command began' },
} as const satisfies Record<string, OptionDefinition>;

export type OptionName = keyof typeof options;

type ValueOf<D> = D extends { many: true } ? string[] : D extends { flags: `${string}<${string}` } ? string : boolean;

/** What was typed; what was not is not there. `wait` is false after --no-wait. */
export type Values = { [Name in OptionName]?: ValueOf<(typeof options)[Name]> };

/** Which archives: each narrows the choice. */
export const FILTERS = [
  'vault',
  'place',
  'account',
  'profile',
  'region',
  'endpointUrl',
  'search',
  'id',
  'all',
] as const satisfies OptionName[];

/** Whose vaults, where a command goes to Amazon. */
export const ACCOUNT = ['profile', 'region', 'endpointUrl'] as const satisfies OptionName[];

/** How fast. */
export const SPEED = ['parallel', 'limit', 'gentle'] as const satisfies OptionName[];

/** May stand before the command as well. */
export const SHARED = ['data', 'profile', 'region', 'endpointUrl', 'json', 'quiet'] as const satisfies OptionName[];

export function definitionOf(name: OptionName): OptionDefinition {
  return options[name];
}

/** `--endpoint-url`. */
export function flagOf(name: OptionName): string {
  return options[name].flags.split(' ')[0] ?? '';
}
