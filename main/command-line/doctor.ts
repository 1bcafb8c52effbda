import type { Account } from '../../shared/account.ts';
import type { Finding } from '../../shared/checkup.ts';
import { examine } from '../doctor/examine.ts';
import { withDestinations } from './ask-service.ts';
import type { Output } from './output.ts';
import { EXIT, type ExitCode } from './exit-code.ts';

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
  const { findings, policy } = await withDestinations(codeFolder, (destinations) =>
    examine(account, vaults, destinations.open(account), 'command-line'),
  );
  for (const finding of findings) tell(finding, output);
  output.result(
    { event: 'policy', policy: JSON.parse(policy) as unknown },
    `\nThe least that an IAM policy must allow:\n${policy}`,
  );
  return findings.some(({ status }) => status === 'problem') ? EXIT.failed : EXIT.done;
}

function tell(finding: Finding, output: Output): void {
  const { subject, status, words, remedy } = finding;
  output.result(
    { event: 'finding', ...finding },
    `${marks[status]}  ${subject}: ${words}${remedy === null ? '' : `\n         ${remedy}`}`,
  );
}
