import type { Account, CredentialSource } from '../../../shared/account.ts';
import { assertNever } from '../../../shared/assert.ts';

/** Where an account's credentials come from, its region, and its endpoint when it has one of its own. */
export function describeSource({ source, region, endpointUrl }: Account): string {
  if (source.kind === 'practice') return 'Inside Firn; nothing leaves this computer';
  return [words(source), region, endpointUrl].filter((word) => word !== null).join(' · ');
}

function words(source: CredentialSource): string {
  switch (source.kind) {
    case 'practice':
      return 'Inside Firn';
    case 'keys':
      return `Access key ${source.accessKeyId}, ${source.kept === 'encrypted' ? 'remembered' : 'until Firn quits'}`;
    case 'profile':
      return `AWS profile ${source.profile}`;
    case 'environment':
      return 'Credentials of the environment';
    default:
      return assertNever(source);
  }
}
