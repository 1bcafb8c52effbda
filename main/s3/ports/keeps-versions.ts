import { type Result, ok } from '../../../shared/result.ts';
import { getVersioning } from '../bucket-settings.ts';
import type { Client } from '../client.ts';

/** Whether a bucket has versions, or had them once: then each has to be named. */
export async function keepsVersions(client: Client, bucket: string, signal: AbortSignal): Promise<Result<boolean>> {
  const versioning = await getVersioning(client, { bucket }, signal);
  return versioning.ok ? ok(versioning.value.state !== 'off') : versioning;
}
