import { type Purpose, probes, unprobed } from './permissions.ts';

/** These are about the account, not about one vault. */
const accountWide: ReadonlySet<string> = new Set(['ListVaults', 'GetDataRetrievalPolicy', 'SetDataRetrievalPolicy']);

/** What an IAM policy must allow for these purposes, and no more. `vaultArns` may hold `*`. */
export function leastPrivilege(vaultArns: readonly string[], purposes: ReadonlySet<Purpose>): string {
  const needed = [...probes, ...unprobed].filter(({ purpose }) => purposes.has(purpose)).map(({ action }) => action);
  const statement = (Sid: string, actions: readonly string[], Resource: string | readonly string[]) => ({
    Sid,
    Effect: 'Allow',
    Action: actions.map((action) => `glacier:${action}`).sort(),
    Resource,
  });
  const policy = {
    Version: '2012-10-17',
    Statement: [
      statement(
        'FirnAccount',
        needed.filter((action) => accountWide.has(action)),
        '*',
      ),
      statement(
        'FirnVaults',
        needed.filter((action) => !accountWide.has(action)),
        vaultArns,
      ),
    ],
  };
  return JSON.stringify(policy, null, 2);
}

export function arnOfAllVaults(region: string): string {
  const partition = region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
  return `arn:${partition}:glacier:${region}:*:vaults/*`;
}
