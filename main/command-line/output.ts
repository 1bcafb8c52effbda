import { type Failure, explainInOneLine } from '../../shared/failure.ts';
import { EXIT, type ExitCode, exitFor } from './exit-code.ts';

/** Without a terminal, progress is a line every so often. */
const PROGRESS_MS = 30_000;

type How = { json: boolean; quiet: boolean };

/** Where words and JSON lines go. With `json`, standard output carries JSON lines only, and words go to standard error. */
export class Output {
  readonly json: boolean;
  readonly #quiet: boolean;
  #statusShown = false;
  #progressAt = Date.now();

  constructor({ json, quiet }: How) {
    this.json = json;
    this.#quiet = quiet;
  }

  /** The same for what has to be read before a question is answered. */
  aloud(): Output {
    return new Output({ json: this.json, quiet: false });
  }

  /** A row or event for programs, and its words for people; `null` words are not worth a line. */
  event(row: Record<string, unknown>, words: string | null): void {
    if (this.json) process.stdout.write(`${JSON.stringify(row)}\n`);
    else if (words !== null && !this.#quiet) this.#line(process.stdout, words);
  }

  /** What was asked for itself, as a list or a page: also when nothing else is to be said. */
  result(row: Record<string, unknown>, words: string): void {
    if (this.json) process.stdout.write(`${JSON.stringify(row)}\n`);
    else this.#line(process.stdout, words);
  }

  /** Why the command ends, and with what. */
  failure(failure: Failure): ExitCode {
    return this.#error(exitFor(failure), explainHere(failure, null), failure);
  }

  /** The same for what is no failure of Firn's or Amazon's, in words. */
  refusal(exit: ExitCode, message: string): ExitCode {
    return this.#error(exit, message, exit === EXIT.usage ? { kind: 'invalid-input', detail: message } : null);
  }

  /** Words beside the rows: for people on standard output, for programs on standard error. */
  note(words: string): void {
    if (!this.#quiet) this.#line(this.json ? process.stderr : process.stdout, words);
  }

  problem(words: string): void {
    this.#line(process.stderr, words);
  }

  /** How far it has come: a line that is overwritten on a terminal, otherwise one every half a minute. */
  progress(words: string): void {
    if (this.json || this.#quiet) return;
    if (process.stderr.isTTY) {
      process.stderr.write(`\r\u001b[K${words.slice(0, Math.max(20, process.stderr.columns - 1))}`);
      this.#statusShown = true;
    } else if (Date.now() - this.#progressAt >= PROGRESS_MS) {
      this.#progressAt = Date.now();
      this.#line(process.stderr, words);
    }
  }

  #error(exit: ExitCode, message: string, failure: Failure | null): ExitCode {
    if (this.json) process.stdout.write(`${JSON.stringify({ event: 'error', exit, message, failure })}\n`);
    this.problem(message);
    return exit;
  }

  #line(stream: NodeJS.WriteStream, words: string): void {
    if (this.#statusShown) process.stderr.write('\r\u001b[K');
    this.#statusShown = false;
    stream.write(`${words}\n`);
  }
}

/** What went wrong and what to do about it. `id`: of the task, which is named in what can be typed; null for what was asked once. */
export function explainHere(failure: Failure, id: string | null): string {
  if (id === null) return explainInOneLine(failure, 'request');
  return explainInOneLine(failure).replaceAll(/"firn ([a-z-]+) ID"/g, `"firn $1 ${id}"`);
}
