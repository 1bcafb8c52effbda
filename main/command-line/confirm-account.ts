import { usableSource } from '../../shared/account.ts';
import type { AccountView } from '../../shared/contract.ts';
import { printable } from '../../shared/printable.ts';
import type { App } from '../app/app.ts';
import { confirm, isYes } from './ask.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Output } from './output.ts';

/** Takes over an account that an imported catalogue told of, once the person has seen which service it would use. */
export async function confirmAccount(
  { accounts }: App,
  { account: named, yes }: { account: string; yes: boolean },
  output: Output,
): Promise<ExitCode> {
  const waiting = accounts.list().filter(({ source }) => source.kind === 'imported');
  const meant = waiting.filter(({ id, name }) => id === named || name === named);
  const [account] = meant;
  if (!account || meant.length > 1) {
    const why = account ? 'Several accounts have that name; use the ID of one' : 'No such account waits for it';
    return output.refusal(EXIT.usage, `${why}. To be confirmed: ${waiting.map(factsOf).join('; ') || 'none'}.`);
  }
  output.note(`${factsOf(account)}. Once confirmed, Firn signs in there and sends what is queued for it.`);
  const question = { text: 'Confirm it? (yes/no) ', isYes, otherwise: 'It was not confirmed.' };
  const answer = yes ? EXIT.done : await confirm(question, output);
  if (answer !== EXIT.done) return answer;
  const confirmed = await accounts.confirm(account.id, usableSource(account).endpointUrl, null);
  if (!confirmed.ok) return output.failure(confirmed.failure);
  output.event({ event: 'account-confirmed', ...confirmed.value }, `Confirmed ${printable(account.name)}.`);
  return EXIT.done;
}

function factsOf(account: AccountView): string {
  const { endpointUrl } = usableSource(account);
  const facts = [account.name, account.id, account.region, endpointUrl ?? "Amazon's own service", account.number];
  return facts.flatMap((fact) => (fact === null ? [] : printable(fact))).join(', ');
}
