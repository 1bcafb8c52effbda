import { createInterface } from 'node:readline';
import { printable } from '../../shared/printable.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Output } from './output.ts';

type Question = {
  text: string;
  isYes: (answer: string) => boolean;
  /** What did not happen, for those who answer no: `Nothing was deleted.` */
  otherwise: string;
};

/** Asks whether that is meant: 0 when it is, otherwise how the command ends. Nobody can be asked where there is no terminal. */
export async function confirm({ text, isYes, otherwise }: Question, output: Output): Promise<ExitCode> {
  if (output.json || !process.stdin.isTTY) {
    return output.refusal(EXIT.declined, `${otherwise} Say --yes where nobody can be asked.`);
  }
  const answer = await typed(text);
  if (answer === INTERRUPTED) return EXIT.interrupted;
  return answer !== null && isYes(answer) ? EXIT.done : output.refusal(EXIT.declined, otherwise);
}

export function isYes(answer: string): boolean {
  return /^y(es)?$/i.test(answer);
}

/** Ctrl-C, which is no answer that anybody could type. */
const INTERRUPTED = Symbol('interrupted');

/** A line without blanks around it; null at the end of the input. */
function typed(question: string): Promise<string | typeof INTERRUPTED | null> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve) => {
    terminal.on('SIGINT', () => {
      resolve(INTERRUPTED);
      terminal.close();
      process.stderr.write('\n');
    });
    terminal.on('close', () => {
      resolve(null);
    });
    terminal.question(question, (answer) => {
      resolve(answer.trim());
      terminal.close();
    });
  });
}

/** The code of an MFA device; null where nobody can be asked. */
export async function askForCode(profile: string, device: string): Promise<string | null> {
  if (!process.stdin.isTTY) return null;
  const answer = await typed(`Code of the MFA device ${printable(device)} for the profile ${printable(profile)}: `);
  return typeof answer === 'string' && /^\d{6}$/.test(answer) ? answer : null;
}
