import { type Failure, isAccountFailure, titleOf } from './failure.ts';

/** What tasks wait for whose account cannot go on, in the few words of a row. */
export function describeAccountWait(problem: Failure): string {
  switch (problem.kind) {
    case 'proxy-password':
      return `Waiting for the password of the proxy ${problem.proxy}`;
    case 'account-unconfirmed':
      return 'Waiting until you confirm the account';
    case 'mfa-code':
      return 'Waiting for the code of your MFA device';
    case 'wrong-account':
      return `Waiting for credentials of AWS account ${problem.expected}`;
    case 'practice-unavailable':
      return 'Waiting for the practice vault, which does not run';
    case 'closed-account':
    case 'account-unknown':
      return `Waiting: ${titleOf(problem)}`;
    default:
      return isAccountFailure(problem) ? 'Waiting until you sign in again' : `Waiting: ${titleOf(problem)}`;
  }
}
