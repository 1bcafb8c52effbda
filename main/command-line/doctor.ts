import type { Account } from '../../shared/account.ts';
import type { Finding } from '../../shared/checkup.ts';
import { systemClock } from '../clock.ts';
import { openDestinations } from '../destinations.ts';
import { examine } from '../doctor/examine.ts';
import type { Output } from './output.ts';
import type { ExitCode } from './exit-code.ts';

const marks: Readonly<Record<Finding['status'], string>> = {
  ok: 'ok     ',
  warning: 'warning',
  problem: 'PROBLEM',
  unknown: 'unknown',
};

/** `firn doctor`: what is right, what is wrong, how to mend it, and the policy that Firn needs. */
export async function doctor(
  account: Account,
  vaults: readonly string[],
  codeFolder: string,
  output: Output,
): Promise<ExitCode> {
  const destinations = openDestinations({
    keyRing: { keys: () => null },
    codeFolder,
    practiceFolder: '',
    threads: 1,
    clock: systemClock,
  });
  try {
    const { findings, policy } = await examine(account, vaults, destinations.open(account), 'command-line');
    for (const finding of findings) tell(finding, output);
    output.event(
      { event: 'policy', policy: JSON.parse(policy) as unknown },
      `\nThe least that an IAM policy must allow:\n${policy}`,
    );
    return findings.some(({ status }) => status === 'problem') ? 1 : 0;
  } finally {
    await destinations.close();
  }
}

function tell(finding: Finding, output: Output): void {
  const { subject, status, words, remedy } = finding;
  output.event(
    { event: 'finding', ...finding },
    `${marks[status]}  ${subject}: ${words}${remedy === null ? '' : `\n         ${remedy}`}`,
  );
}
