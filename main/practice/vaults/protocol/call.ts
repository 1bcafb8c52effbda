import type { IncomingHttpHeaders } from 'node:http';
import { type Result, fail, ok } from '../../../../shared/result.ts';
import { isVaultName } from '../../../../shared/vault.ts';
import type { PracticeRules } from '../../rules.ts';
import type { Store, Vault } from '../store/store.ts';
import type { Answer } from '../../exchange/answer.ts';
import type { Body } from './body.ts';
import { type Rejection, rejections } from './rejections.ts';
import type { Route } from './routes.ts';

/** The service as operations see it. */
export type Service = {
  store: Store;
  rules: PracticeRules;
  region: string;
  accountNumber: string;
  clock: () => number;
};

/** What befalls a request that is about to be carried out may depend on the state. */
export type VaultCall = { for: 'glacier'; service: Service; call: Call };

/** A request whose sender is proved and whose body has arrived. */
export type Call = { route: Route; headers: IncomingHttpHeaders; body: Body };

export type Outcome = Result<Answer, Rejection>;
export type Operation = (service: Service, call: Call) => Outcome | Promise<Outcome>;

export function vaultArn({ region, accountNumber }: Service, name: string): string {
  const partition = region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
  return `arn:${partition}:glacier:${region}:${accountNumber}:vaults/${name}`;
}

/** The path of a vault with the account's real number, as Location headers have it. */
export function vaultLocation({ accountNumber }: Service, name: string): string {
  return `/${accountNumber}/vaults/${name}`;
}

export function findVault(service: Service, { route }: Call): Result<Vault, Rejection> {
  const vault = service.store.vaults.get(route.vault);
  if (vault) return ok(vault);
  return fail(rejections.vaultMissing(isVaultName(route.vault) ? vaultArn(service, route.vault) : route.vault));
}
