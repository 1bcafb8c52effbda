export type AccountId = string & { readonly __brand: 'AccountId' };

/** Where the credentials of an account come from. The secrets themselves never leave main. */
export type CredentialSource = UsableSource | ImportedSource;

export type UsableSource =
  | { kind: 'practice' }
  /** `kept`: encrypted on disk, or in memory until Firn quits, because the system has no keyring or the user wants it so. */
  | { kind: 'keys'; accessKeyId: string; kept: 'encrypted' | 'session' }
  /** A profile of the AWS shared config: keys, SSO, assume-role, process. */
  | { kind: 'profile'; profile: string }
  /** AWS_ACCESS_KEY_ID and its like, for the command line. */
  | { kind: 'environment' };

/** Told by an imported catalogue. Nothing is done with it, and nobody is contacted, until a person has confirmed it. */
export type ImportedSource = { kind: 'imported'; source: UsableSource; endpointUrl: string | null };

/** What an account is made of on disk: everything but its secrets. */
export type Account = {
  id: AccountId;
  name: string;
  source: CredentialSource;
  region: string;
  /** Null: the region's own endpoint. */
  endpointUrl: string | null;
  /** The 12 digits of the AWS account whose vaults these are; null until an answer has told them. */
  number: string | null;
};

/** What the account would use once it is confirmed; for others, what it uses. */
export function usableSource({
  source,
  endpointUrl,
}: Pick<Account, 'source' | 'endpointUrl'>): Omit<ImportedSource, 'kind'> {
  return source.kind === 'imported'
    ? { source: source.source, endpointUrl: source.endpointUrl }
    : { source, endpointUrl };
}

/** The number of the AWS account in the path of an archive, job or upload, as Glacier gives it; null for what is no such path. */
export function accountNumberIn(location: string): string | null {
  return /^\/(\d{12})\//.exec(location)?.[1] ?? null;
}

/** Why this cannot be the address of a service, as a sentence that does not repeat it; null when it can. */
export function endpointProblem(url: string): string | null {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url))
    return 'The endpoint is no URL that begins with https:// or http://.';
  const { username, password } = new URL(url);
  // It would be written down with the account, and shown.
  return username === '' && password === '' ? null : 'The endpoint must hold no user name and no password.';
}

/** Regions with a vault service in the public partition (AWS endpoint list, August 2026). */
export const GLACIER_REGIONS = [
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
  'af-south-1',
  'ap-east-1',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-southeast-3',
  'ca-central-1',
  'eu-central-1',
  'eu-north-1',
  'eu-south-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'me-south-1',
  'sa-east-1',
  'cn-north-1',
  'cn-northwest-1',
  'us-gov-east-1',
  'us-gov-west-1',
] as const;
