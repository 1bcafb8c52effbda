import type { CredentialSource } from '../../shared/account.ts';
import { assertNever } from '../../shared/assert.ts';

/** `practice`, `environment`, `profile NAME`, `keys ACCESS-KEY-ID`: where an account's credentials come from, in one cell. */
export function writeCredentials(source: CredentialSource): string {
  switch (source.kind) {
    case 'practice':
    case 'environment':
      return source.kind;
    case 'profile':
      return `profile ${source.profile}`;
    case 'keys':
      return `keys ${source.accessKeyId}`;
    case 'imported':
      return writeCredentials(source.source);
    default:
      return assertNever(source);
  }
}

/** Null for anything else. Secrets are in no export, so keys have to be typed again. */
export function readCredentials(text: string): CredentialSource | null {
  if (text === 'practice' || text === 'environment') return { kind: text };
  const [, kind, name] = /^(profile|keys) (.{1,200})$/s.exec(text) ?? [];
  if (name === undefined) return null;
  return kind === 'profile' ? { kind: 'profile', profile: name } : { kind: 'keys', accessKeyId: name, kept: 'session' };
}
