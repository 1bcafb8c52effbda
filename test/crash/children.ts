import type { ChildProcess } from 'node:child_process';

const living = new Set<ChildProcess>();

process.once('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

/** Whatever ends the marathon ends the child, too. */
export function endsWithUs<C extends ChildProcess>(child: C): C {
  living.add(child);
  child.once('exit', () => living.delete(child));
  return child;
}
