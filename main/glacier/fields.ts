import { z } from 'zod';
import type { TreeHash } from '../../shared/upload.ts';

// What stands in the service's answers. It writes null for what is absent, and its documentation leaves things out: both
// are taken alike.

/** Empty when it is absent. */
export const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

export const id = z.string().min(1);

/** Zero when it is absent. */
export const count = z
  .number()
  .nullish()
  .transform((value) => value ?? 0);

/** Milliseconds since 1970. */
export const time = z.string().transform((value, context) => {
  const ms = Date.parse(value);
  if (!Number.isNaN(ms)) return ms;
  context.addIssue({ code: 'custom', message: `"${value}" is not a time` });
  return z.NEVER;
});

export const treeHash = z
  .string()
  .regex(/^[0-9a-f]{64}$/i)
  .transform((value) => value.toLowerCase() as TreeHash);

/** Bytes `first-last`, both included. */
export const range = z
  .string()
  .regex(/^\d+-\d+$/)
  .transform((value) => {
    const [first = 0, last = 0] = value.split('-').map(Number);
    return { first, last };
  });

/** Null when it is absent. */
export function optional<T extends z.ZodType>(field: T) {
  return field.nullish().transform((value) => value ?? null);
}

/** Empty when it is absent. */
export function list<T extends z.ZodType>(item: T) {
  return z
    .array(item)
    .nullish()
    .transform((value) => value ?? []);
}
