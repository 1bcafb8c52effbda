import type { StateColumns } from '../../engine/task-kind.ts';
import type { TaskState } from '../../engine/task.ts';

/** Values of columns by name. */
export type Columns = Record<string, string | number | null>;

/** A kind's columns as the statements need them, whatever its state: fields by the columns they stand in. */
type Fields = Record<string, string>;
type Erased = { facts: Fields; phases: Record<string, Fields> };

/** Each once, in a fixed order. */
export function columnNames<S extends TaskState>(columns: StateColumns<S>): string[] {
  const { facts, phases } = columns as Erased;
  return [...new Set([facts, ...Object.values(phases)].flatMap((fields) => Object.values(fields)))];
}

/** A value for each column; null for those that this phase does not have. */
export function toColumns<S extends TaskState>(columns: StateColumns<S>, state: S): Columns {
  const { facts, phases } = columns as Erased;
  const { kind } = state.phase;
  const row: Columns = {};
  for (const fields of Object.values(phases)) for (const column of Object.values(fields)) row[column] = null;
  copy(state, facts, row);
  copy(state.phase, phases[kind] ?? {}, row);
  return row;
}

/** The CHECKs of the kind's table guarantee that what its phase needs is there. */
export function fromColumns<S extends TaskState>(columns: StateColumns<S>, phase: string, row: Columns): S {
  const { facts, phases } = columns as Erased;
  const fields = phases[phase];
  if (!fields) throw new Error(`No phase ${phase}`);
  return { ...pick(facts, row), phase: { kind: phase, ...pick(fields, row) } } as unknown as S;
}

function copy(values: object, fields: Fields, row: Columns): void {
  for (const [field, column] of Object.entries(fields)) row[column] = (values as Columns)[field] ?? null;
}

function pick(fields: Fields, row: Columns): Columns {
  return Object.fromEntries(Object.entries(fields).map(([field, column]) => [field, row[column] ?? null]));
}
