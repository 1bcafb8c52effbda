import { printable } from '../printable.ts';
import { requestIdOf } from './request-id.ts';
import type { Words } from './wording.ts';

/** The account needs the user; its tasks wait unharmed. */
export type AccountFailure =
  | { kind: 'credentials-missing'; detail: string }
  | { kind: 'credentials-expired'; detail: string }
  | { kind: 'credentials-rejected'; detail: string }
  /** The sign-in of a profile at another tool is over. `tool`: `aws sso login` or `aws login`. */
  | { kind: 'sign-in-ended'; profile: string; tool: 'sso' | 'login' }
  /** The role of a profile asks for the code of an MFA device. */
  | { kind: 'mfa-code'; profile: string }
  | { kind: 'closed-account' }
  /** The credentials are those of another AWS account than this account of Firn is. Numbers of 12 digits. */
  | { kind: 'wrong-account'; expected: string; found: string }
  /** An imported catalogue told of it, and nobody has confirmed it. `endpointUrl`: where it would go; null for Amazon's own. */
  | { kind: 'account-unconfirmed'; endpointUrl: string | null }
  /** Firn has an account, `name`, that is this AWS account in this region. */
  | { kind: 'account-there'; name: string; number: string; region: string }
  /** Firn has it no more. `number`: of its AWS account, where an archive tells it. */
  | { kind: 'account-removed'; number: string | null }
  /** No answer tells whose the credentials are, so nothing that is absent may be believed. */
  | { kind: 'account-unknown' }
  /** `folder`: where its archives are. */
  | { kind: 'practice-unavailable'; folder: string; detail: string }
  /** `proxy`: host and port. `refused`: it does not take the login that it was given. */
  | { kind: 'proxy-password'; proxy: string; refused: boolean };

/** The service answered, and the answer is no. */
export type RefusalFailure =
  | { kind: 'access-denied'; message: string; requestId: string | null }
  | { kind: 'rejected'; status: number; code: string; message: string; requestId: string | null };

export const accountWords: Words<AccountFailure> = {
  'credentials-missing': {
    title: ({ detail }) => `There are no credentials for this account (${detail}).`,
    remedy: (_, { signIn }) => `To go on, ${signIn}; the queue waits for you.`,
  },
  'credentials-expired': {
    title: ({ detail }) => `The credentials have expired (${detail}).`,
    remedy: (_, { surface, signIn }) =>
      surface === 'window'
        ? `To go on, ${signIn}; the queue goes on where it was.`
        : 'Renew them, then run the command again; the queue goes on where it was.',
  },
  'credentials-rejected': {
    title: ({ detail }) => `Amazon does not accept these credentials (${detail}).`,
    remedy: (_, { surface, signIn }) =>
      `Check the access key ID and the secret access key, then ${surface === 'window' ? signIn : 'run the command again'}. Nothing in the queue is lost.`,
  },
  'sign-in-ended': {
    title: ({ profile }) => `The sign-in of the AWS profile ${printable(profile)} has ended, or was never made.`,
    remedy: ({ profile, tool }) =>
      `In a terminal, run: aws ${tool === 'sso' ? 'sso login' : 'login'} --profile ${printable(profile)}. The queue waits for you and goes on within a minute.`,
  },
  'mfa-code': {
    title: ({ profile }) => `The role of the AWS profile ${printable(profile)} asks for the code of an MFA device.`,
    remedy: (_, { surface, signIn }) =>
      surface === 'window'
        ? `To go on, ${signIn} and type the code; the queue waits for you.`
        : 'Run the command again in a terminal, where Firn can ask for it; a script needs a profile without MFA.',
  },
  'closed-account': {
    title: 'Amazon no longer offers vaults to this account.',
    remedy: (_, { surface }) =>
      `Since 15 December 2025 only accounts that already keep archives in vaults may use them. Use the credentials of such an account${surface === 'window' ? ', or try the practice vault' : ''}.`,
  },
  'wrong-account': {
    title: ({ expected, found }) =>
      `These credentials belong to AWS account ${found}; this account of Firn is AWS account ${expected}.`,
    remedy: ({ expected, found }, { surface }) =>
      surface === 'window'
        ? `Nothing was changed. Use credentials of ${expected}, or add ${found} as an account of its own.`
        : `Nothing was changed. Use credentials of ${expected}, or another data folder for ${found}.`,
  },
  'account-unconfirmed': {
    title: ({ endpointUrl }) =>
      `This account came with an imported catalogue, and nobody has confirmed it yet. It would use ${endpointUrl === null ? 'Amazon' : `the service at ${printable(endpointUrl)}`}.`,
    remedy: (_, { surface }) =>
      surface === 'window'
        ? 'Nothing is sent until you do: choose "Confirm", or remove it in Settings.'
        : 'Nothing is sent until you do: use "firn confirm-account ACCOUNT".',
  },
  'account-there': {
    title: ({ name, number, region }) =>
      `These credentials belong to AWS account ${number}, which Firn has in ${printable(region)} already, as "${printable(name)}".`,
    remedy:
      'Nothing was added. For new keys, sign in to that account again. For credentials of another kind, remove it first: its archives stay in the catalogue, and the new account takes them over.',
  },
  'account-removed': {
    title: ({ number }) =>
      `The account${number === null ? '' : ` (AWS account ${number})`} has been removed from Firn.`,
    remedy: 'Connect the account again, or choose a vault of another one.',
  },
  'account-unknown': {
    title: 'Amazon does not say which AWS account these credentials belong to.',
    remedy: (_, { retry }) =>
      `Nothing was changed, since the vault might be another account's. Allow glacier:DescribeVault or glacier:ListVaults, then ${retry}.`,
  },
  'practice-unavailable': {
    title: ({ detail }) => `The practice vault does not run (${detail}).`,
    remedy: ({ folder }, { surface, signIn }) =>
      `Other accounts are not affected. To start it once more, ${surface === 'window' ? signIn : 'run the command again'}. If it still does not run, move its folder away (${printable(folder)}), and it begins anew.`,
  },
  'proxy-password': {
    title: ({ proxy, refused }) =>
      refused
        ? `The proxy ${proxy} does not accept the user name and password that it was given.`
        : `The proxy ${proxy} asks for a user name and a password.`,
    remedy: (_, { surface }) =>
      surface === 'window'
        ? 'To go on, choose "Enter password"; the queue waits for you.'
        : 'Name them in HTTPS_PROXY (http://user:password@host:port), then run the command again.',
  },
};

export const refusalWords: Words<RefusalFailure> = {
  'access-denied': {
    title: ({ message }) => `This account is not allowed to do that: ${message}`,
    remedy: ({ requestId }, { retry }) =>
      `Ask whoever manages the account for the missing permission, then ${retry}. ${requestIdOf(requestId)}`,
  },
  rejected: {
    title: ({ message, status, code }) =>
      `Amazon refused the request: ${message === '' ? `${status} ${code}` : message}`,
    remedy: ({ requestId }, { retry }) =>
      `The same request gets the same answer until something has changed at Amazon; then ${retry}. ${requestIdOf(requestId)}`,
  },
};
