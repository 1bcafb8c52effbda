import type { ServerResponse } from 'node:http';
import { SECOND } from '../../../shared/units.ts';
import type { Answer } from './answer.ts';

/** How often white space is sent meanwhile. */
const SPACE_MS = 1 * SECOND;

/** Keeps the other side waiting for an answer that takes long: by then it has read that all is well, which may be wrong. */
export class Holding {
  readonly #response: ServerResponse;
  #opening = '';
  #spaces: NodeJS.Timeout | null = null;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  begin(headers: Record<string, string>, opening: string): void {
    this.#opening = opening;
    this.#response.writeHead(200, headers);
    this.#response.write(`${opening} `);
    this.#spaces = setInterval(() => this.#response.write(' '), SPACE_MS);
  }

  /** Sends what is left of the answer: its body without the beginning that is out already. */
  end({ body }: Answer): void {
    this.stop();
    const opening = this.#opening;
    const text = Buffer.isBuffer(body) ? body.toString() : '';
    this.#response.end(text.startsWith(opening) ? text.slice(opening.length) : text);
  }

  stop(): void {
    if (this.#spaces) clearInterval(this.#spaces);
  }
}
