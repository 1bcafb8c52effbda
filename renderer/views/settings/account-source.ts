import { type Account, type CredentialSource, usableSource } from '../../../shared/account.ts';
import { assertNever } from '../../../shared/assert.ts';

/** Where an account's credentials come from, its region, and its endpoint when it has one of its own. */
export function describeSource(account: Account & { isInside?: boolean }): string {
  const { source, region, isInside = false } = account;
  const { endpointUrl } = usableSource(account);
  if (isInside) return 'Inside Firn; nothing leaves this computer';
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
    case 'imported':
      return `Told by an imported catalogue: ${words(source.source)}`;
    default:
      return assertNever(source);
  }
}
