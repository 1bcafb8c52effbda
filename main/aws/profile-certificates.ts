import { parseKnownFiles } from '@smithy/core/config';

/** The file of certificates that `ca_bundle` of a profile names, as for the AWS CLI; none when it names none. */
export async function caFilesOfProfile(profile: string): Promise<string[]> {
  const file = (await parseKnownFiles({ ignoreCache: true }))[profile]?.['ca_bundle'] ?? '';
  return file === '' ? [] : [file];
}
