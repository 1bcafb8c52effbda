import { exitWords } from './exit-code.ts';
import { commands } from './definitions/index.ts';
import type { CommandDefinition } from './definitions/definition.ts';
import { definitionOf } from './options.ts';
import { aboutOf, asTyped, optionsOf, programNotes } from './program.ts';

/** The manual page in the language of man(7), made from what the parser is made from. */
export function manualPage(version: string): string {
  return [
    `.TH FIRN 1 "" "Firn ${escaped(version)}" "User Commands"`,
    '.SH NAME',
    'firn \\- carries files into Amazon Glacier vaults, and proves that they are there',
    '.SH SYNOPSIS',
    '.B firn',
    '.RI [ options ]',
    '.I command',
    '.RI [ options ]',
    '.SH COMMANDS',
    ...commands.flatMap(commandLines),
    '.SH ENVIRONMENT AND NOTES',
    ...programNotes.flatMap((note) => ['.PP', escaped(note)]),
    '.SH EXIT STATUS',
    ...exitWords.flatMap(([code, words]) => ['.TP', `.B ${code}`, escaped(words)]),
    '.SH EXAMPLES',
    ...commands.flatMap(({ examples }) =>
      examples.flatMap((example) => ['.PP', '.nf', escaped(asTyped(example)), '.fi']),
    ),
  ].join('\n');
}

function commandLines(definition: CommandDefinition): string[] {
  const { name, summary, details = [], operand } = definition;
  const synopsis = operand ? ` [${operand.name}${operand.many ? '...' : ''}]` : '';
  return [
    `.SS "firn ${escaped(`${name}${synopsis}`)}"`,
    escaped(`${capital(summary)}.`),
    ...details.flatMap((detail) => ['.PP', escaped(detail)]),
    ...(operand ? ['.TP', `.I ${escaped(operand.name)}`, escaped(operand.about)] : []),
    ...optionsOf(definition).flatMap((option) => [
      '.TP',
      `.B ${escaped(definitionOf(option).flags)}`,
      escaped(aboutOf(option, definition)),
    ]),
  ];
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** What roff would take for its own. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/, '\\&$1')
    .replaceAll('"', '\\(dq')
    .replace(
      /[^\x00-\x7f]/g,
      (char) => `\\[u${char.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0') ?? ''}]`,
    );
}
