import { type PlaceName, calledOf, readPlace } from '../../shared/place.ts';
import { type Result, fail, ok } from '../../shared/result.ts';
import type { Values } from './options.ts';

/** The vault that somebody names: `vault:NAME`, or the bare name where only a vault can stand. A failure is a sentence. */
export function readVault(text: string): Result<string, string> {
  const place = readPlace(text.includes(':') ? text : `vault:${text}`);
  return place.ok ? onlyVault(place.value) : place;
}

/** The same for several. */
export function readVaults(texts: readonly string[]): Result<string[], string> {
  const vaults: string[] = [];
  for (const text of texts) {
    const vault = readVault(text);
    if (!vault.ok) return vault;
    vaults.push(vault.value);
  }
  return ok(vaults);
}

/** What --vault or --place says, as the catalogue calls it; null when neither does. */
export function placeOf(values: Values): Result<string | null, string> {
  const place = namedPlace(values);
  return place.ok ? ok(place.value && calledOf(place.value)) : place;
}

/** The vault that --vault or --place must name. */
export function neededVault(values: Values): Result<string, string> {
  const place = namedPlace(values);
  if (!place.ok) return place;
  return place.value === null ? fail('Say into which vault: --vault NAME.') : onlyVault(place.value);
}

/** The same where none need be named. */
export function vaultOf(values: Values): Result<string | null, string> {
  const place = namedPlace(values);
  if (!place.ok || place.value === null) return place.ok ? ok(null) : place;
  return onlyVault(place.value);
}

function namedPlace({ vault, place }: Values): Result<PlaceName | null, string> {
  if (vault !== undefined && place !== undefined) return fail('Say --vault or --place, not both.');
  const text = vault === undefined ? place : `vault:${vault}`;
  if (text === undefined) return ok(null);
  if (place !== undefined && !place.includes(':')) return fail(`"${place}" is no place. Write it like vault:${place}.`);
  return readPlace(text);
}

function onlyVault(place: PlaceName): Result<string, string> {
  return place.service === 'glacier' ? ok(place.name) : fail(`"${calledOf(place)}" is a bucket; this is about vaults.`);
}
