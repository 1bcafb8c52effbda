/** What all kinds of tasks share. Each kind adds a table of its own; ARCHITECTURE.md says how. */
export const tasks = /* sql */ `
  CREATE TABLE task (
    -- in the order in which they were added; never reused
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    -- null: work on this computer alone
    account_id TEXT,
    vault TEXT CHECK ((vault IS NULL) = (account_id IS NULL)),
    -- with gaps, so that moving one writes one row
    position INTEGER NOT NULL,
    added_at INTEGER NOT NULL,
    ended_at INTEGER,
    -- the kind's own table says what else there is in this phase, and has the same phase: see UNIQUE
    phase TEXT NOT NULL,

    -- who it competes with for a place to run, and what it needs together with others, as a JSON list: follow from the phase
    lane TEXT CHECK ((lane IS NULL) = (ended_at IS NOT NULL)),
    wait_keys TEXT NOT NULL CHECK (json_type(wait_keys) = 'array'),
    urgent_at INTEGER CHECK (urgent_at IS NULL OR lane IS NOT NULL),

    -- shared/hold.ts, one column per field of the union
    hold TEXT CHECK (hold IS NULL OR (hold IN ('paused', 'backoff', 'failed') AND lane IS NOT NULL)),
    resume_at INTEGER CHECK ((resume_at IS NOT NULL) = (hold IS 'backoff')),
    attempt INTEGER CHECK ((attempt IS NOT NULL) = (hold IS 'backoff') AND attempt > 0),
    failure TEXT CHECK ((failure IS NOT NULL) = (hold IS 'backoff' OR hold IS 'failed') AND json_valid(failure)),

    done_bytes INTEGER NOT NULL DEFAULT 0 CHECK (done_bytes >= 0),
    total_bytes INTEGER NOT NULL CHECK (total_bytes >= 0),
    UNIQUE (id, kind, phase)
  ) STRICT;
  CREATE INDEX task_position ON task (kind, position);
  CREATE INDEX task_open ON task (kind, seq) WHERE lane IS NOT NULL;
  CREATE INDEX task_ended ON task (kind, seq) WHERE ended_at IS NOT NULL;
  CREATE INDEX task_place ON task (kind, account_id, vault) WHERE lane IS NOT NULL;
  CREATE INDEX task_ready ON task (lane, wait_keys, position) WHERE hold IS NULL AND lane IS NOT NULL;
  CREATE INDEX task_retry ON task (lane, wait_keys, resume_at) WHERE hold = 'backoff';
  CREATE INDEX task_resume ON task (resume_at) WHERE hold = 'backoff';
  CREATE INDEX task_urgent ON task (lane, wait_keys, urgent_at) WHERE hold IS NULL AND urgent_at IS NOT NULL;
  CREATE INDEX task_urgent_again ON task (lane, wait_keys, urgent_at) WHERE hold = 'backoff' AND urgent_at IS NOT NULL;
  CREATE INDEX task_next_urgent ON task (urgent_at) WHERE hold IS NULL AND urgent_at IS NOT NULL;

  -- the journal: what happened to each task, in order
  CREATE TABLE task_event (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    task_id TEXT NOT NULL REFERENCES task (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    event TEXT NOT NULL CHECK (json_valid(event))
  ) STRICT;
  CREATE INDEX task_event_task ON task_event (task_id, seq);

  -- a row exists once the range was acknowledged, or lies on disk, with the checksum that Firn computed from the very bytes
  CREATE TABLE piece (
    task_id TEXT NOT NULL REFERENCES task (id) ON DELETE CASCADE,
    first INTEGER NOT NULL CHECK (first >= 0),
    last INTEGER NOT NULL CHECK (last >= first),
    checksum TEXT NOT NULL,
    -- what the service gave for it and wants to see again at the end; empty when it wants nothing
    receipt TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (task_id, first)
  ) STRICT, WITHOUT ROWID;

  -- a command of the user about many tasks: the intent, and how far it has come
  CREATE TABLE task_command (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    command TEXT NOT NULL CHECK (json_valid(command)),
    begun_at INTEGER NOT NULL,
    -- tasks that were added later are not meant
    last_seq INTEGER NOT NULL,
    cursor INTEGER NOT NULL DEFAULT 0
  ) STRICT;

  -- what the window counts and sums up several times a second
  CREATE TABLE task_sum (
    kind TEXT NOT NULL,
    phase TEXT NOT NULL,
    hold TEXT NOT NULL,
    tasks INTEGER NOT NULL,
    done_bytes INTEGER NOT NULL,
    total_bytes INTEGER NOT NULL,
    PRIMARY KEY (kind, phase, hold)
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER task_sum_added AFTER INSERT ON task BEGIN
    ${addToSum('new', 1)};
  END;
  CREATE TRIGGER task_sum_removed AFTER DELETE ON task BEGIN
    ${addToSum('old', -1)};
  END;
  CREATE TRIGGER task_sum_changed AFTER UPDATE OF phase, hold, done_bytes, total_bytes ON task BEGIN
    ${addToSum('old', -1)};
    ${addToSum('new', 1)};
  END;
`;

function addToSum(row: 'old' | 'new', sign: 1 | -1): string {
  return `INSERT INTO task_sum (kind, phase, hold, tasks, done_bytes, total_bytes)
      VALUES (${row}.kind, ${row}.phase, coalesce(${row}.hold, ''), ${sign}, ${sign} * ${row}.done_bytes, ${sign} * ${row}.total_bytes)
      ON CONFLICT DO UPDATE SET tasks = tasks + excluded.tasks, done_bytes = done_bytes + excluded.done_bytes,
        total_bytes = total_bytes + excluded.total_bytes`;
}
