import type { ArchiveId, TreeHash } from '../../shared/upload.ts';
import type { Entry, EntryReader, Owner } from './entry.ts';
import { readJavaTime } from './java-time.ts';
import { LineEntries, unreadable } from './lines.ts';

/** What SAGU, the Simple Amazon Glacier Uploader, writes of an archive in each of its logs. */
type Fields = {
  archiveId: string;
  file: string;
  bytes: string;
  vault: string;
  location: string;
  date: string;
  hash: string;
};
type Names = readonly (keyof Fields)[];

const inOrder = ['archiveId', 'file', 'bytes', 'vault', 'location', 'date', 'hash'] as const satisfies Names;

/** Seven fields, quoted since version 0.8; before, commas and quotes in names were as they are, so both ends are held fast. */
const csv =
  /^"?([A-Za-z0-9_-]{100,})"?,"?(.*?)"?,"?(\d{1,15})"?,"?([A-Za-z0-9_.-]+)"?,"?([^",]*)"?,"?([^",]*)"?,"?([0-9a-f]{64})"?,?$/;

const logId = /^ \| ArchiveID: ([A-Za-z0-9_-]+) *$/;
const logRest =
  /^ \| File: (.*?) *\| Bytes: (\d+) *\| Vault: (\S+) *\| Location: (.*?) *\| Date: (.*?) *\| Hash: ([0-9a-f]{64}) *$/;
/** Looks like YAML, but its backslashes are none. */
const yaml = /^(?:- {2}| {3})(ArchiveID|File|Bytes|Vault|Location|Date|Hash): +"(.*)"$/;
const yamlNames: Readonly<Record<string, keyof Fields>> = {
  ArchiveID: 'archiveId',
  File: 'file',
  Bytes: 'bytes',
  Vault: 'vault',
  Location: 'location',
  Date: 'date',
  Hash: 'hash',
};

/** Whether a file that begins so is one of SAGU's logs: Glacier.csv, Glacier.log or Glacier.yaml. */
export function isSaguLog(firstLine: string): boolean {
  const line = firstLine.replace(/\r$/, '');
  // What begins a file stands without the blanks before it.
  return csv.test(line) || logId.test(` ${line}`) || yaml.test(line);
}

/** SAGU tells vault and region, but not the account. */
export function saguReader(owner: Owner): EntryReader {
  const records = new Records();
  return new LineEntries((text, line) => {
    const fields = records.take(text);
    if (fields === 'unreadable') return unreadable(line, 'it is no line of a log of SAGU');
    return fields === null ? null : entryOf(fields, line, owner);
  });
}

/** Puts together what stands in several lines. */
class Records {
  #begun: Partial<Fields> = {};

  /** The fields, when the line is the last one of an archive. */
  take(text: string): Fields | 'unreadable' | null {
    const row = csv.exec(text);
    if (row) return named(row.slice(1), inOrder, (value) => value.replaceAll('""', '"'));
    const archiveId = logId.exec(text)?.[1];
    if (archiveId !== undefined) return this.#begin({ archiveId });
    const rest = logRest.exec(text);
    if (rest) return this.#add(named(rest.slice(1), inOrder.slice(1)));
    const [, key = '', value = ''] = yaml.exec(text) ?? [];
    const name = yamlNames[key];
    if (name === undefined) return 'unreadable';
    const field = { [name]: value.replaceAll('\\"', '"') };
    return name === 'archiveId' ? this.#begin(field) : this.#add(field);
  }

  #begin(fields: Partial<Fields>): null {
    this.#begun = fields;
    return null;
  }

  #add(fields: Partial<Fields>): Fields | null {
    const all = { ...this.#begun, ...fields };
    const isWhole = inOrder.every((name) => all[name] !== undefined);
    this.#begun = isWhole ? {} : all;
    return isWhole ? (all as Fields) : null;
  }
}

function named(values: readonly string[], names: Names, plain = (value: string): string => value): Fields {
  return Object.fromEntries(names.map((name, index) => [name, plain(values[index] ?? '')])) as Fields;
}

function entryOf(
  { file: path, bytes, vault, location, date, hash, ...ids }: Fields,
  line: number,
  owner: Owner,
): Entry {
  const region = regionOf(location);
  if (region === null) return unreadable(line, `"${location}" is no region that Firn knows`);
  if (region !== owner.region) return unreadable(line, `it is in ${region}, and the account is for ${owner.region}`);
  const storedAt = readJavaTime(date);
  if (storedAt === null) return unreadable(line, `"${date}" is no date as SAGU writes it`);
  const told = {
    ...{ account: owner.account, region, vault, path, storedAt },
    ...{ modifiedNs: null, size: Number(bytes), location: '', description: '' },
    archiveId: ids.archiveId as ArchiveId,
    treeHash: hash as TreeHash,
  };
  return { kind: 'archive', line, told };
}

/** By the city in `EU (Ireland)`, since the words before it changed. */
const cities: Readonly<Record<string, string>> = {
  'northern virginia': 'us-east-1',
  'n. virginia': 'us-east-1',
  ohio: 'us-east-2',
  'northern california': 'us-west-1',
  'n. california': 'us-west-1',
  oregon: 'us-west-2',
  central: 'ca-central-1',
  canada: 'ca-central-1',
  mumbai: 'ap-south-1',
  singapore: 'ap-southeast-1',
  sydney: 'ap-southeast-2',
  tokyo: 'ap-northeast-1',
  seoul: 'ap-northeast-2',
  osaka: 'ap-northeast-3',
  frankfurt: 'eu-central-1',
  ireland: 'eu-west-1',
  london: 'eu-west-2',
  paris: 'eu-west-3',
  stockholm: 'eu-north-1',
  'sao paulo': 'sa-east-1',
};

function regionOf(title: string): string | null {
  const city = /\(([^()]*)\)$/.exec(title.trim())?.[1] ?? title;
  const plain = city.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return cities[plain] ?? null;
}
