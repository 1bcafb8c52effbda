import { type Mutant, practiceMutants } from './mutant.ts';

/** What hangs on vaults and accounts, and the pages of lists. */
export const settings: Mutant[] = [
  ...practiceMutants(
    'vaults/protocol/authorize.ts',
    ['settings'],
    [
      ['an access policy is heeded', '[vault.record.accessPolicy, currentLock', '[null, currentLock'],
      ['a lock is heeded', 'currentLock(vault, now, service.rules)?.policy ?? null', 'null'],
      ['only what denies takes something away', "Effect === 'Deny' &&", ''],
      ['only the actions it names are denied', 'Action.some((pattern) => matches(pattern, action)) &&', ''],
      ['a star stands for anything', ".replaceAll('*', '.*')", ''],
      [
        'a condition on what is not known does not hold',
        'if (fact === undefined) return false;',
        'if (fact === undefined) return true;',
      ],
      ['a condition is looked at', 'return fact < value;', 'return true;'],
    ],
  ),
  ...practiceMutants(
    'vaults/store/vaults.ts',
    ['settings', 'vaults', 'suite'],
    [
      ['a lock that is not completed vanishes', 'now >= lock.createdAt + rules.lockWindowMs', 'false'],
      ['a complete lock does not', "lock?.state === 'InProgress' &&", 'lock &&'],
      ['a vault is made once', 'if (existing) return existing;', ''],
    ],
  ),
  ...practiceMutants(
    'vaults/operations/policies.ts',
    ['settings', 'suite'],
    [
      [
        'a policy is looked at before it is set',
        'if (!policy.ok) return policy;\n  await updateVault',
        'await updateVault',
      ],
      ['there is one lock at a time', 'if (existing) return', 'if (false) return'],
      [
        'a lock must be there to be completed',
        "if (!lock) return fail(rejections.nothingSet('vault lock policy', call.route.vault));\n  if (lock.lockId",
        'if (lock.lockId',
      ],
      ['its ID must be the right one', 'lock.lockId !== call.route.id', 'false'],
      [
        'a complete lock is not removed',
        "?.state === 'Locked') return fail(rejections.denied('The vault is locked.'))",
        "?.state === 'never') return null",
      ],
      ['a policy must be there', "if (policy === '')", 'if (false)'],
      ['a policy has at most 20 KB', 'Buffer.byteLength(policy) > MAX_POLICY_LENGTH', 'false'],
      ['a policy is a JSON object', 'return isJsonObject(policy) ?', 'return true ?'],
      ['a list is no JSON object', '&& !Array.isArray(value)', ''],
    ],
  ),
  ...practiceMutants(
    'vaults/operations/notifications.ts',
    ['settings'],
    [
      ['a topic is an ARN', '!/^arn:[^:]+:sns:[^:]+:\\d{12}:.+$/.test(topic)', 'false'],
      ['events are of two kinds', 'unknown !== undefined', 'false'],
      ['there must be events', 'events.length === 0', 'false'],
      ['without a setting there is none to show', 'if (!notifications) return', 'if (false) return'],
    ],
  ),
  ...practiceMutants(
    'vaults/operations/tags.ts',
    ['settings'],
    [
      ['tags are looked at', '?? tagProblem(added)', ''],
      ['tags are counted', "countProblem('Tags', Object.keys(added)) ??", ''],
      ['keys to remove are counted', 'return problem ? fail(problem) : ok(keys)', 'return ok(keys)'],
      ['a vault has at most fifty', '.length > MAX_TAGS)', '.length > Infinity)'],
      ['there must be some', 'if (keys.length === 0)', 'if (false)'],
      ['at most ten at once', 'keys.length > MAX_TAGS_PER_CALL', 'false'],
      ['a key has its characters', '!/^[\\p{L}\\p{N} _./=+\\-@:]{1,128}$/u.test(key)', 'false'],
      ["keys of Amazon are Amazon's", "|| key.startsWith('aws:')", ''],
      ['a value has its characters', '!/^[\\p{L}\\p{N} _./=+\\-@:]{0,256}$/u.test(value)', 'false'],
    ],
  ),
  ...practiceMutants(
    'vaults/operations/capacity.ts',
    ['settings'],
    [
      ['there are at most two units', 'units.length >= MAX_UNITS', 'false'],
      ['a unit ends', '.filter(({ endsAt }) => now < endsAt)', ''],
      ['a unit that has ended is not listed', '.filter(({ endsAt }) => clock() < endsAt)', ''],
    ],
  ),
  ...practiceMutants(
    'vaults/protocol/pages.ts',
    ['listings'],
    [
      ['a limit is looked at', 'if (!limit.ok) return limit;', ''],
      ['a limit is a number', '/^\\d+$/.test(text) &&', ''],
      ['a limit is at least 1', 'limit >= 1 &&', ''],
      ['a limit is at most the page', '&& limit <= maximum', ''],
      ['a marker must be one of these', 'if (!rest) return', 'if (false) return'],
      [
        'a marker is of this listing',
        "createHash('sha256').update(listing).update(key)",
        "createHash('sha256').update(key)",
      ],
      ['a page follows what its marker names', '.compare(after) > 0', '.compare(after) >= 0'],
      ['the last page has no marker', 'last !== undefined && items.length < rest.length', 'last !== undefined'],
    ],
  ),
  ...practiceMutants(
    'vaults/protocol/json-body.ts',
    ['settings', 'inventory'],
    [
      ['JSON must be JSON', "return fail(rejections.bodyMalformed('it is not JSON'));", 'value = {};'],
      [
        'JSON must have its shape',
        'return parsed.success ? ok(parsed.data) : fail(',
        'return parsed.success || true ? ok(value) : fail(',
      ],
    ],
  ),
];
