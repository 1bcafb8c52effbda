/** A number as a field shows it, at most six digits of it; empty for none. */
export function amountText(value: number | null, unit: number): string {
  return value === null ? '' : String(Number((value / unit).toPrecision(6)));
}

/** What was typed, in the unit's smallest; undefined when it is no amount. A comma may stand for the point. */
export function parseAmount(text: string, unit: number): number | undefined {
  const typed = text.trim() === '' ? NaN : Number(text.trim().replace(',', '.'));
  return Number.isFinite(typed) && typed >= 0 ? typed * unit : undefined;
}
