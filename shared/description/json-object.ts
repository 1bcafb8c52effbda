/** A foreign object, of which only own properties are ever looked at: it may call them `__proto__`. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Null for anything but a JSON object. */
export function readObject(text: string): JsonObject | null {
  if (!text.startsWith('{')) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? (value as JsonObject | null) : null;
  } catch {
    return null;
  }
}

export function textIn(fields: JsonObject, key: string): string | null {
  const value = own(fields, key);
  return typeof value === 'string' ? value : null;
}

export function numberIn(fields: JsonObject, key: string): number | null {
  const value = own(fields, key);
  return typeof value === 'number' ? value : null;
}

function own(fields: JsonObject, key: string): unknown {
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}
