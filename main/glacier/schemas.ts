import { z } from 'zod';
import type { Failure } from '../../shared/failure.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import type { TreeHash } from '../../shared/upload.ts';
import type { HttpAnswer } from './http.ts';

// The service writes null for what is absent, and its documents leave things out: both are taken alike.
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
const optionalText = z
  .string()
  .nullish()
  .transform((value) => value ?? null);
const count = z
  .number()
  .nullish()
  .transform((value) => value ?? 0);
const time = z.string().transform((value, context) => {
  const ms = Date.parse(value);
  if (!Number.isNaN(ms)) return ms;
  context.addIssue({ code: 'custom', message: `"${value}" is not a time` });
  return z.NEVER;
});
const optionalTime = time.nullish().transform((value) => value ?? null);
const treeHash = z
  .string()
  .regex(/^[0-9a-f]{64}$/i)
  .transform((value) => value.toLowerCase() as TreeHash);
const range = z
  .string()
  .regex(/^\d+-\d+$/)
  .transform((value) => {
    const [first = 0, last = 0] = value.split('-').map(Number);
    return { first, last };
  });
/** Lists may be null when they are empty. */
const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((value) => value ?? []);

const vault = z.object({
  VaultName: z.string(),
  VaultARN: text,
  CreationDate: time,
  LastInventoryDate: optionalTime,
  NumberOfArchives: count,
  SizeInBytes: count,
});

const multipartUpload = z.object({
  MultipartUploadId: z.string().min(1),
  ArchiveDescription: text,
  PartSizeInBytes: z.number(),
  CreationDate: time,
});

export const schemas = {
  vault,
  vaultPage: z.object({ VaultList: list(vault), Marker: optionalText }),
  multipartUploadPage: z.object({ UploadsList: list(multipartUpload), Marker: optionalText }),
  partPage: z.object({
    PartSizeInBytes: z.number(),
    Parts: list(z.object({ RangeInBytes: range, SHA256TreeHash: treeHash })),
    Marker: optionalText,
  }),
  job: z.object({
    JobId: z.string().min(1),
    CreationDate: time,
    StatusCode: z.enum(['InProgress', 'Succeeded', 'Failed']),
    StatusMessage: text,
  }),
  inventory: z.object({
    InventoryDate: time,
    ArchiveList: list(
      z.object({
        ArchiveId: z.string().min(1),
        ArchiveDescription: text,
        CreationDate: time,
        Size: z.number(),
        SHA256TreeHash: treeHash,
      }),
    ),
  }),
};

/** The JSON of an answer in the shape that was documented; `answer-garbled` when it is not so. */
export function parseAnswer<S extends z.ZodType>(answer: HttpAnswer, schema: S): Result<z.output<S>> {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(answer.body).toString('utf8'));
  } catch {
    return garbled('it is not whole JSON');
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  return garbled(
    issue ? `${issue.path.join('.') || 'the whole'}: ${issue.message}` : 'it has another shape than documented',
  );
}

/** A header that must be there; `answer-garbled` when it is not. */
export function headerOf({ headers }: HttpAnswer, name: string): Result<string> {
  const value = headers[name] ?? '';
  return value === '' ? garbled(`it lacks ${name}`) : ok(value);
}

/** The tree hash that the service confirms. */
export function treeHashOf(answer: HttpAnswer): Result<TreeHash> {
  const header = headerOf(answer, 'x-amz-sha256-tree-hash');
  return header.ok ? ok(header.value.toLowerCase() as TreeHash) : header;
}

export function garbled(detail: string): { ok: false; failure: Failure } {
  return fail({ kind: 'answer-garbled', detail });
}
