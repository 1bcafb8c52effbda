import { type Result } from '../../../shared/result.ts';
import type { Command } from '../command.ts';
import type { OptionName, Values } from '../options.ts';

/** `completes`: what a shell offers for it. */
export type Operand = {
  /** In capitals, as in the help. */
  name: string;
  about: string;
  many?: true;
  completes?: 'file' | readonly string[];
};

/** One command, as it is parsed, helped with, completed by shells and described in the manual page. */
export type CommandDefinition = {
  /** As it is typed: `catalogue export`. */
  name: string;
  /** A line without a full stop. */
  summary: string;
  /** What there is to know beside that, a sentence or two each. */
  details?: readonly string[];
  /** None when it takes no words beside its options. */
  operand?: Operand;
  options: readonly OptionName[];
  /** What an option means here, where that is not what it means elsewhere. */
  about?: Partial<Record<OptionName, string>>;
  /** Whether --vault, --region and their like choose among archives or tasks. Otherwise they say where to go. */
  filters?: true;
  /** Command lines without `firn`. */
  examples: readonly string[];
  /** What is to be done; a failure is a sentence for the person who typed it. */
  read: (values: Values, operands: readonly string[]) => Result<Command, string>;
};
