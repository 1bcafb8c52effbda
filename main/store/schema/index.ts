import { accounts } from './accounts.ts';
import { catalogue } from './catalogue.ts';
import { checks } from './checks.ts';
import { copies } from './copies.ts';
import { deletions } from './deletions.ts';
import { inventories } from './inventories.ts';
import { places } from './places.ts';
import { records } from './records.ts';
import { retrievals } from './retrievals.ts';
import { search } from './search.ts';
import { tasks } from './tasks.ts';
import { uploads } from './uploads.ts';

const first = [
  accounts,
  places,
  tasks,
  uploads,
  catalogue,
  search,
  retrievals,
  inventories,
  deletions,
  checks,
  copies,
  records,
].join('\n');

/**
 * Index + 1 is the schema version kept in PRAGMA user_version. Nothing is released: until then the first step itself may
 * change, and a database of an earlier build is not brought along. After the first release: append only.
 */
export const steps: readonly string[] = [first];
