import { z } from 'zod';
import { rangeLength } from '../../../../shared/part-plan.ts';
import { type Result, fail, ok } from '../../../../shared/result.ts';
import { DAY, HOUR } from '../../../../shared/units.ts';
import { doneAnswer, jsonAnswer } from '../protocol/answers.ts';
import type { Operation, Service } from '../protocol/call.ts';
import { readJson } from '../protocol/json-body.ts';
import { type Rejection, rejections } from '../protocol/rejections.ts';
import { updateAccount } from '../store/account.ts';
import type { AccountRecord } from '../store/records.ts';

type Rule = AccountRecord['retrievalRule'];

const policyBody = z.object({
  Policy: z.object({
    Rules: z.array(z.object({ Strategy: z.string().nullish(), BytesPerHour: z.number().nullish() })),
  }),
});

export const getDataRetrievalPolicy: Operation = ({ store }) => {
  const { strategy, bytesPerHour } = store.account.retrievalRule;
  return ok(jsonAnswer({ Policy: { Rules: [{ BytesPerHour: bytesPerHour, Strategy: strategy }] } }));
};

export const setDataRetrievalPolicy: Operation = async ({ store }, { body }) => {
  const policy = readJson(body, policyBody);
  if (!policy.ok) return policy;
  const rule = readRule(policy.value.Policy.Rules);
  if (!rule.ok) return rule;
  await updateAccount(store, { retrievalRule: rule.value });
  return ok(doneAnswer(204));
};

/** Why a standard retrieval of so many bytes would break the policy; null when it would not. */
export function retrievalPolicyProblem({ store, rules }: Service, bytes: number, now: number): Rejection | null {
  const { strategy, bytesPerHour } = store.account.retrievalRule;
  if (strategy === 'None') return null;
  const [window, limit] = strategy === 'FreeTier' ? [DAY, rules.freeBytesPerDay] : [HOUR, bytesPerHour ?? 0];
  const recent = [...store.vaults.values()]
    .flatMap(({ jobs }) => [...jobs.values()])
    .filter(({ record }) => record.createdAt > now - window)
    .map(({ record: { work } }) => (work.kind === 'archive' && work.tier === 'Standard' ? rangeLength(work.range) : 0));
  return recent.reduce((sum, length) => sum + length, bytes) > limit ? rejections.policyEnforced() : null;
}

/** Documented: exactly one rule, and a number of bytes with the strategy of that name only. */
function readRule(rules: z.output<typeof policyBody>['Policy']['Rules']): Result<Rule, Rejection> {
  const [rule, ...others] = rules;
  if (!rule || others.length > 0) return fail(rejections.invalid('A data retrieval policy has exactly one rule.'));
  const [strategy, bytesPerHour] = [rule.Strategy, rule.BytesPerHour ?? null];
  if (strategy !== 'BytesPerHour' && strategy !== 'FreeTier' && strategy !== 'None') {
    return fail(rejections.parameter('Strategy', String(strategy)));
  }
  const valid = strategy === 'BytesPerHour' ? bytesPerHour !== null && bytesPerHour >= 1 : bytesPerHour === null;
  return valid ? ok({ strategy, bytesPerHour }) : fail(rejections.parameter('BytesPerHour', String(bytesPerHour)));
}
