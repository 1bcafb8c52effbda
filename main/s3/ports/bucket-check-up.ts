import type { Finding } from '../../../shared/checkup.ts';
import type { StorageClass } from '../../../shared/place.ts';
import { type Failure, explain } from '../../../shared/failure.ts';
import type { Result } from '../../../shared/result.ts';
import {
  getEncryption,
  getLifecycleRules,
  getLocking,
  getOwnership,
  getVersioning,
  isPublicAccessBlocked,
} from '../bucket-settings.ts';
import { locateBucket } from '../buckets.ts';
import type { Client } from '../client.ts';
import { keyPrefix } from '../object-name.ts';
import { type XmlElement, elementOf, textOf } from '../xml.ts';
import { abortUpload, createUpload } from '../multipart.ts';
import { abortDaysOf } from './bucket-setup.ts';

type Patient = { bucket: string; prefix: string; storageClass: StorageClass | null };

/** What the settings of a bucket mean for what is kept there, and whether an upload may begin. Leaves nothing behind. */
export async function checkUpBucket(client: Client, patient: Patient, signal: AbortSignal): Promise<Finding[]> {
  const { bucket } = patient;
  const located = await locateBucket(client, bucket, signal);
  if (!located.ok) return [trouble('Bucket', located.failure)];
  const about = { bucket };
  const findings = [
    fine('Bucket', `${bucket} is in ${located.value.region}.`),
    await uploadFinding(client, patient, signal),
    finding('Versions', await getVersioning(client, about, signal), versionWords),
    finding('Object Lock', await getLocking(client, about, signal), lockWords),
    finding('Lifecycle', await getLifecycleRules(client, about, signal), lifecycleWords),
    finding('Encryption', await getEncryption(client, about, signal), encryptionWords),
  ];
  if (!client.provider.blocksPublicAccess) return findings;
  return [
    ...findings,
    finding('Public access', await isPublicAccessBlocked(client, about, signal), publicWords),
    finding('Ownership', await getOwnership(client, about, signal), ownershipWords),
  ];
}

type Words = Pick<Finding, 'words'> & Partial<Pick<Finding, 'status' | 'remedy'>>;

function fine(subject: string, words: string): Finding {
  return { subject, status: 'ok', words, remedy: null };
}

function finding<T>(subject: string, found: Result<T>, wordsOf: (value: T) => Words): Finding {
  if (found.ok) return { subject, status: 'ok', remedy: null, ...wordsOf(found.value) };
  const { kind } = found.failure;
  // Firn works without looking at settings.
  if (kind !== 'access-denied' && kind !== 'rejected') return trouble(subject, found.failure);
  return { subject, status: 'unknown', words: 'This account may not look at it.', remedy: null };
}

function trouble(subject: string, failure: Failure): Finding {
  const { title, remedy } = explain(failure, 'window', 'request');
  return { subject, status: 'problem', words: title, remedy };
}

/** Begins an upload and gives it up: that needs every right of an upload, and the class to be one that the service has. */
async function uploadFinding(
  client: Client,
  { bucket, prefix, storageClass }: Patient,
  signal: AbortSignal,
): Promise<Finding> {
  const subject = 'Uploads';
  const key = `${keyPrefix(prefix)}.firn-check-up`;
  const begun = await createUpload(client, { bucket, key, storageClass, headers: {} }, signal);
  if (!begun.ok) return trouble(subject, begun.failure);
  const ended = await abortUpload(client, { bucket, upload: begun.value }, signal);
  if (ended.ok || ended.failure.kind === 'multipart-missing')
    return fine(subject, 'An upload may begin, and be given up.');
  return {
    subject,
    status: 'warning',
    words: 'An upload may begin, and may not be given up: what is left of it is paid for.',
    remedy: 'Allow s3:AbortMultipartUpload.',
  };
}

function versionWords({ state, needsMfa }: { state: string; needsMfa: boolean }): Words {
  if (needsMfa) return { words: 'Versions are kept, and only the root user with its MFA device can delete them.' };
  switch (state) {
    case 'on':
      return { words: 'What is replaced or deleted by other tools is kept as an older version, and paid for.' };
    case 'suspended':
      return { words: 'Older versions are kept, and no new ones are made.' };
    default:
      return { words: 'Nothing of what is replaced or deleted is kept.' };
  }
}

function lockWords(locking: { mode: string | null; days: number | null } | null): Words {
  if (locking === null) return { words: 'Nothing is locked against deletion.' };
  if (locking.mode === null) return { words: 'Objects can be locked one by one; none is by itself.' };
  const who = locking.mode === 'COMPLIANCE' ? 'nobody, not even the root user,' : 'only who may bypass the lock';
  return {
    status: 'warning',
    words: `Every new object is locked for ${locking.days ?? 'some'} days (${locking.mode}): ${who} can delete it before.`,
    remedy: 'Keep it if that is what you want: a mistake stays, and is paid for, until the lock ends.',
  };
}

/** Rules of others may remove archives, or uploads that take long. */
function lifecycleWords(rules: readonly XmlElement[]): Words {
  const active = rules.filter((rule) => textOf(rule, 'Status') === 'Enabled');
  if (active.some((rule) => elementOf(rule, 'Expiration') !== null))
    return {
      status: 'warning',
      words: 'A lifecycle rule deletes objects after some time.',
      remedy: "Look at the bucket's lifecycle rules: what Firn stores there may be deleted by them.",
    };
  const days = Math.min(...active.map((rule) => abortDaysOf(rule) ?? Infinity));
  if (days === Infinity)
    return {
      words: 'Nothing is deleted by itself; what is left of uploads that nobody finished stays, and is paid for.',
    };
  if (days < 7)
    return {
      status: 'warning',
      words: `Uploads that are not finished within ${days} days are removed.`,
      remedy: 'A large file over a slow line may take longer; a rule of 30 days leaves it the time.',
    };
  return { words: `What is left of uploads that nobody finished is removed after ${days} days.` };
}

function encryptionWords(algorithm: string | null): Words {
  if (algorithm === 'aws:kms' || algorithm === 'aws:kms:dsse')
    return {
      status: 'warning',
      words: 'Objects are encrypted with a key of the Key Management Service.',
      remedy:
        'Whoever deletes or disables that key makes every archive unreadable. Uploads need kms:GenerateDataKey and kms:Decrypt.',
    };
  return {
    words: algorithm === null ? 'The service does not say how it encrypts.' : 'Objects are encrypted by S3 itself.',
  };
}

function publicWords(isBlocked: boolean): Words {
  if (isBlocked) return { words: 'Nobody from outside can be let in.' };
  return {
    status: 'warning',
    words: 'Access from outside is not blocked altogether.',
    remedy: "Turn on Block Public Access in the bucket's permissions.",
  };
}

function ownershipWords(ownership: string | null): Words {
  if (ownership === 'BucketOwnerEnforced') return { words: 'All that is stored belongs to this account.' };
  return {
    status: 'warning',
    words: 'What other accounts store here may belong to them.',
    remedy: 'Set Object Ownership to "Bucket owner enforced".',
  };
}
