import { type Failure, explainInOneLine } from '../../shared/failure.ts';

/** Where words and JSON lines go. With `json`, standard output carries JSON lines only, and words go to standard error. */
export class Output {
  readonly json: boolean;
  #statusShown = false;

  constructor(json: boolean) {
    this.json = json;
  }

  /** A row or event for programs, and its words for people; `null` words are not worth a line. */
  event(row: Record<string, unknown>, words: string | null): void {
    if (this.json) process.stdout.write(`${JSON.stringify(row)}\n`);
    else if (words !== null) this.#line(process.stdout, words);
  }

  /** Why the command ends. */
  failure(failure: Failure): void {
    const message = explainInOneLine(failure, 'request');
    if (this.json) process.stdout.write(`${JSON.stringify({ event: 'error', failure, message })}\n`);
    this.problem(message);
  }

  /** Words beside the rows: for people on standard output, for programs on standard error. */
  note(words: string): void {
    this.#line(this.json ? process.stderr : process.stdout, words);
  }

  problem(words: string): void {
    this.#line(process.stderr, words);
  }

  /** A line that is overwritten, on a terminal only. */
  status(words: string): void {
    if (this.json || !process.stderr.isTTY) return;
    process.stderr.write(`\r\u001b[K${words.slice(0, Math.max(20, process.stderr.columns - 1))}`);
    this.#statusShown = true;
  }

  #line(stream: NodeJS.WriteStream, words: string): void {
    if (this.#statusShown) process.stderr.write('\r\u001b[K');
    this.#statusShown = false;
    stream.write(`${words}\n`);
  }
}
