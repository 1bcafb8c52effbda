import { readDescription } from '../../shared/description.ts';

/** What a description says of its file, as the catalogue keeps it; untrusted. */
export function describedFile(description: string): { path: string | null; modified_ns: string | null } {
  const described = readDescription(description);
  const modifiedAt = described?.modifiedAt ?? null;
  return {
    path: described?.path ?? null,
    modified_ns: modifiedAt === null ? null : (BigInt(Math.round(modifiedAt)) * 1_000_000n).toString(),
  };
}
