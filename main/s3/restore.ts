import type { Failure } from '../../shared/failure.ts';
import type { Result } from '../../shared/result.ts';
import type { Tier } from '../../shared/tier.ts';
import type { Client } from './client.ts';
import type { S3Refusal } from './refusal.ts';
import { type ObjectName, versionQuery } from './refs.ts';
import { type XmlField, xmlBody } from './write-xml.ts';

/** It is being done already, or nothing has to be done. */
export type NothingToDo = { kind: 'under-way' } | { kind: 'at-hand' };

export type RestoreRequest = { bucket: string; object: ObjectName; days: number; tier: Tier };

/**
 * Asks for a copy of an archived object that stays for so many days; for one that is there, from now on so many more. Doing it
 * twice is neither done nor paid for twice while the first is under way.
 */
export function restoreObject(
  client: Client,
  { bucket, object, days, tier }: RestoreRequest,
  signal: AbortSignal,
): Promise<Result<null, Failure | NothingToDo>> {
  const { endsRestores, hasTiers } = client.provider;
  const fields: XmlField[] = [
    ...(endsRestores ? [['Days', days] as const] : []),
    ...(hasTiers ? [['GlacierJobParameters', [['Tier', tier]]] as const] : []),
  ];
  return client.command(
    {
      method: 'POST',
      bucket,
      key: object.key,
      query: { restore: '', ...versionQuery(object) },
      ...xmlBody('RestoreRequest', fields),
      action: 's3:RestoreObject',
      thing: 'The object',
      isRepeatable: false,
      ownOutcome: readNothingToDo,
    },
    signal,
  );
}

function readNothingToDo({ code }: S3Refusal): NothingToDo | null {
  if (code === 'RestoreAlreadyInProgress') return { kind: 'under-way' };
  const isAtHand = code === 'ObjectAlreadyInActiveTierError' || code === 'InvalidObjectState';
  return isAtHand ? { kind: 'at-hand' } : null;
}
