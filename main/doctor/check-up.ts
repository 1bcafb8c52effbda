import { type Account, GLACIER_REGIONS } from '../../shared/account.ts';
import type { Checkup, Finding } from '../../shared/checkup.ts';
import type { Surface } from '../../shared/failure-words/wording.ts';
import { type Failure, explain } from '../../shared/failure.ts';
import type { Result } from '../../shared/result.ts';
import { formatDuration, MINUTE } from '../../shared/units.ts';
import type { Vault } from '../../shared/vault.ts';
import type { SourceFile } from '../core/ports.ts';
import type { Service } from '../places/destinations.ts';
import { traitsOf } from '../places/traits.ts';
import { ask } from '../aws/ask.ts';
import { type Probe, type Purpose, isAllowed, probes } from './permissions.ts';
import { arnOfAllVaults, leastPrivilege } from './policy.ts';

export type Patient = {
  account: Account;
  service: Service;
  /** The vaults that the policy shall be for; empty for all of the account's. */
  vaults: readonly string[];
  /** Any readable file, of which one byte is offered to an upload that does not exist. */
  file: SourceFile;
  /** Where the findings are read. */
  surface: Surface;
};

const allPurposes: ReadonlySet<Purpose> = new Set(['uploading', 'the inventory', 'retrieving', 'deleting']);
/** Glacier takes signatures that are five minutes off; a minute is worth a word. */
const CLOCK_WARNING_MS = 1 * MINUTE;
const CLOCK_PROBLEM_MS = 5 * MINUTE;

/** Looks at all that must be right before an upload can be stored. Changes nothing, here or there. */
export async function checkUp(patient: Patient, signal: AbortSignal): Promise<Checkup> {
  const { account, service } = patient;
  const listed = await ask(service, (asked, soon) => asked.listVaults(soon), { signal });
  const findings = [
    regionFinding(account),
    serviceFinding(patient, listed),
    clockFinding(patient),
    accountFinding(patient, listed),
  ];
  if (listed.ok || listed.failure.kind === 'access-denied') {
    findings.push(...vaultFindings(patient, listed), ...(await permissionFindings(patient, listed, signal)));
  }
  return { findings, policy: leastPrivilege(policyArns(patient, listed), allPurposes) };
}

function regionFinding(account: Account): Finding {
  const { region, endpointUrl } = account;
  const subject = 'Region';
  if (endpointUrl !== null || traitsOf(account).isInside) return ok(subject, `${region}, at an address of its own.`);
  if ((GLACIER_REGIONS as readonly string[]).includes(region)) return ok(subject, `${region} has vaults.`);
  return {
    subject,
    status: 'problem',
    words: `${region} is not known to have vaults.`,
    remedy: 'Choose the region in which your vaults are. Regions opened after 2022 have none.',
  };
}

/** Of the way to the service. All else that keeps vaults from being listed is of the account. */
const unreachable: ReadonlySet<Failure['kind']> = new Set([
  'offline',
  'timed-out',
  'answer-garbled',
  'service-error',
  'throttled',
  'proxy-password',
]);

function serviceFinding({ account: { region }, service, surface }: Patient, listed: Result<Vault[]>): Finding {
  const subject = 'Connection';
  if (!listed.ok && unreachable.has(listed.failure.kind)) return problem(subject, listed.failure, surface);
  if (listed.ok || service.clockOffsetMs() !== null) return ok(subject, `Glacier in ${region} answers.`);
  return { subject, status: 'unknown', words: 'Glacier was not asked.', remedy: 'Mend the credentials first.' };
}

function clockFinding({ service }: Patient): Finding {
  const subject = 'Clock';
  const offsetMs = service.clockOffsetMs();
  if (offsetMs === null) {
    return { subject, status: 'unknown', words: 'Amazon has not told its time.', remedy: 'Mend the rest first.' };
  }
  const off = Math.abs(offsetMs);
  if (off < CLOCK_WARNING_MS) return ok(subject, "This computer's clock agrees with Amazon's.");
  const words = `This computer's clock is ${formatDuration(off)} ${offsetMs > 0 ? 'slow' : 'fast'}.`;
  const remedy = 'Let the system set its clock by the network. Firn itself goes by the time that Amazon tells it.';
  return { subject, status: off < CLOCK_PROBLEM_MS ? 'warning' : 'problem', words, remedy };
}

function accountFinding({ surface }: Patient, listed: Result<Vault[]>): Finding {
  const subject = 'Credentials';
  if (listed.ok || listed.failure.kind === 'access-denied') return ok(subject, 'Amazon accepts them.');
  if (!unreachable.has(listed.failure.kind)) return problem(subject, listed.failure, surface);
  return { subject, status: 'unknown', words: 'They could not be tried.', remedy: 'Mend the connection first.' };
}

function vaultFindings({ vaults, surface }: Patient, listed: Result<Vault[]>): Finding[] {
  if (!listed.ok) return [];
  const names = new Set(listed.value.map(({ name }) => name));
  if (vaults.length === 0) {
    const count = listed.value.length;
    return [
      count > 0
        ? ok('Vaults', `${count} in this region.`)
        : {
            subject: 'Vaults',
            status: 'warning',
            words: 'There are none in this region.',
            remedy: 'Create one, or look in another region.',
          },
    ];
  }
  return vaults.map((vault) =>
    names.has(vault)
      ? ok(`Vault ${vault}`, 'It is there.')
      : problem(`Vault ${vault}`, { kind: 'vault-missing', vault }, surface),
  );
}

async function permissionFindings(patient: Patient, listed: Result<Vault[]>, signal: AbortSignal): Promise<Finding[]> {
  const some = (listed.ok ? listed.value[0]?.name : undefined) ?? 'firn-doctor';
  const vaults = patient.vaults.length > 0 ? patient.vaults : [some];
  const findings: Finding[] = [];
  for (const probe of probes) findings.push(await permissionFinding(probe, vaults, patient, signal));
  return findings;
}

/** Every chosen vault may have a policy of its own; the first that does not let Firn in is told. */
async function permissionFinding(
  probe: Probe,
  vaults: readonly string[],
  patient: Patient,
  signal: AbortSignal,
): Promise<Finding> {
  const { action, purpose } = probe;
  const { service, file, surface } = patient;
  const subject = `Permission glacier:${action}`;
  for (const vault of vaults) {
    const { allowed, failure } = isAllowed(
      await ask(service, (asked, soon) => probe.ask(asked, vault, file, soon), { signal }),
    );
    if (allowed === true) continue;
    if (allowed === null && failure) return { ...problem(subject, failure, surface), status: 'unknown' };
    return {
      subject,
      status: purpose === 'uploading' ? 'problem' : 'warning',
      words: `Not given${vaults.length > 1 ? ` on the vault "${vault}"` : ''}; Firn needs it for ${purpose}.`,
      remedy: 'Ask whoever manages the account to add the policy below.',
    };
  }
  return ok(subject, `Given, for ${purpose}.`);
}

function policyArns({ vaults, account }: Patient, listed: Result<Vault[]>): string[] {
  const all = arnOfAllVaults(account.region);
  if (vaults.length === 0) return [all];
  const known = new Map(listed.ok ? listed.value.map(({ name, arn }) => [name, arn]) : []);
  return vaults.map((name) => known.get(name) ?? all.replace(/\*$/, name));
}

function ok(subject: string, words: string): Finding {
  return { subject, status: 'ok', words, remedy: null };
}

function problem(subject: string, failure: Failure, surface: Surface): Finding {
  const { title, remedy } = explain(failure, surface, 'request');
  return { subject, status: 'problem', words: title, remedy };
}
