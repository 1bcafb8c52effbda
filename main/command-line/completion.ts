import { assertNever } from '../../shared/assert.ts';
import { commands, groups } from './definitions/index.ts';
import type { CommandDefinition, Operand } from './definitions/definition.ts';
import type { Shell } from './shells.ts';
import { type OptionName, SHARED, definitionOf, flagOf } from './options.ts';
import { aboutOf, optionsOf } from './program.ts';

/** What a shell needs to complete commands, options and their values, made from what the parser is made from. */
export function completionScript(shell: Shell): string {
  switch (shell) {
    case 'bash':
      return bash();
    case 'zsh':
      return zsh();
    case 'fish':
      return fish();
    default:
      return assertNever(shell);
  }
}

const firstWords = [...new Set([...commands.map(({ name }) => name.split(' ')[0] ?? ''), 'help'])];

function wordsOf(group: string): string[] {
  return commands.filter(({ name }) => name.startsWith(`${group} `)).map(({ name }) => name.slice(group.length + 1));
}

const valued = (names: readonly OptionName[]): OptionName[] => names.filter((name) => isValued(name));

function isValued(name: OptionName): boolean {
  return definitionOf(name).flags.includes('<');
}

/** What may stand where a value or a word is wanted: fixed words, files, folders, or nothing that a shell could know. */
type Offer = { words: readonly string[] } | 'file' | 'folder' | null;

function offerOf(name: OptionName, command: CommandDefinition): Offer {
  const { choices, completes } = definitionOf(name);
  if (choices) return { words: choices };
  return name === 'to' && command.name === 'catalogue export' ? 'file' : (completes ?? null);
}

function operandOffer({ completes }: Operand): Offer {
  if (completes === undefined || completes === 'file') return completes ?? null;
  return { words: completes };
}

/* bash */

function bash(): string {
  return `# firn(1) completion for bash
_firn() {
  local cur prev i word command=''
  cur="\${COMP_WORDS[COMP_CWORD]}"
  prev="\${COMP_WORDS[COMP_CWORD-1]}"
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    case "$word" in
      ${valued(SHARED).map(flagOf).join('|')}) ((i++)); continue ;;
      -*) continue ;;
    esac
    case "$command" in
      '') command="$word" ;;
      ${Object.keys(groups).join('|')}) command="$command $word"; break ;;
      *) break ;;
    esac
  done
  case "$command" in
    '')
      ${bashOptions(SHARED, null)}
      _firn_words '${firstWords.join(' ')}'
      ;;
${Object.keys(groups).map(bashGroup).join('\n')}
${commands.map(bashCommand).join('\n')}
    help) _firn_words '${firstWords.join(' ')}' ;;
  esac
}
_firn_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur"); }
_firn_files() { compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); }
_firn_folders() { compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$cur"); }
complete -F _firn firn`;
}

function bashGroup(group: string): string {
  return `    '${group}') ${group === 'catalogue' ? bashOptions(listOptions(), null) : ''}
      _firn_words '${wordsOf(group).join(' ')}' ;;`;
}

function listOptions(): OptionName[] {
  const list = commands.find(({ name }) => name === 'catalogue list');
  return list ? optionsOf(list) : [];
}

function bashCommand(command: CommandDefinition): string {
  const { name, operand } = command;
  return `    '${name}')
      ${bashOptions(optionsOf(command), command)}
      ${operand ? bashOffer(operandOffer(operand)) : ':'}
      ;;`;
}

/** Values of options first, then the options themselves. */
function bashOptions(names: readonly OptionName[], command: CommandDefinition | null): string {
  const values = valued(names).map(
    (name) =>
      `${flagOf(name)}) ${bashOffer(command ? offerOf(name, command) : (definitionOf(name).completes ?? null))}; return ;;`,
  );
  const flags = [...names.map(flagOf), '--help'].join(' ');
  return `case "$prev" in ${values.join(' ')} esac
      if [[ $cur == -* ]]; then _firn_words '${flags}'; return; fi`;
}

function bashOffer(offer: Offer): string {
  if (offer === null) return ':';
  if (offer === 'file') return '_firn_files';
  return offer === 'folder' ? '_firn_folders' : `_firn_words '${offer.words.join(' ')}'`;
}

/* zsh */

function zsh(): string {
  return `#compdef firn
# firn(1) completion for zsh
_firn() {
  local -a words_before
  local command='' i=2
  while (( i < CURRENT )); do
    case "\${words[i]}" in
      ${valued(SHARED).map(flagOf).join('|')}) (( i += 2 )); continue ;;
      -*) (( i++ )); continue ;;
    esac
    if [[ -z $command ]]; then command="\${words[i]}"
    elif [[ $command == (${Object.keys(groups).join('|')}) ]]; then command="$command \${words[i]}"; break
    else break
    fi
    (( i++ ))
  done
  case "$command" in
    '') local -a names=(${firstWords.map((word) => quoted(`${word}:${summaryOf(word)}`)).join(' ')})
      _arguments ${zshOptions(SHARED, null)} '*::command:->command'
      _describe 'command' names ;;
${Object.keys(groups).map(zshGroup).join('\n')}
${commands.map(zshCommand).join('\n')}
    help) local -a names=(${firstWords.join(' ')}); _describe 'command' names ;;
  esac
}
_firn "$@"`;
}

function zshGroup(group: string): string {
  const names = commands.filter(({ name }) => name.startsWith(`${group} `));
  const described = names.map(({ name, summary }) => quoted(`${name.slice(group.length + 1)}:${summary}`));
  return `    '${group}') local -a names=(${described.join(' ')}); _describe '${group}' names ;;`;
}

function zshCommand(command: CommandDefinition): string {
  const { name, operand } = command;
  const rest = operand ? ` ${quoted(`*:${operand.name}:${zshOffer(operandOffer(operand))}`)}` : '';
  return `    '${name}') _arguments ${zshOptions(optionsOf(command), command)}${rest} ;;`;
}

function zshOptions(names: readonly OptionName[], command: CommandDefinition | null): string {
  return names
    .map((name) => {
      const about = aboutOf(name, command ?? undefined).replaceAll(/[[\]:]/g, '\\$&');
      const repeated = definitionOf(name).many ? '*' : '';
      const offer = command ? offerOf(name, command) : (definitionOf(name).completes ?? null);
      const value = isValued(name) ? `:${name}:${zshOffer(offer)}` : '';
      return quoted(`${repeated}${flagOf(name)}[${about}]${value}`);
    })
    .join(' ');
}

function zshOffer(offer: Offer): string {
  if (offer === null) return ' ';
  if (offer === 'file') return '_files';
  return offer === 'folder' ? '_files -/' : `(${offer.words.join(' ')})`;
}

/* fish */

function fish(): string {
  return [
    '# firn(1) completion for fish',
    'complete -c firn -f',
    ...firstWords.map((word) => `complete -c firn -n __fish_use_subcommand -a ${word} -d ${quoted(summaryOf(word))}`),
    ...SHARED.map((name) => fishOption(name, null, '__fish_use_subcommand')),
    ...commands.flatMap(fishCommand),
  ].join('\n');
}

function fishCommand(command: CommandDefinition): string[] {
  const { name, summary, operand } = command;
  const [first = '', second] = name.split(' ');
  const others = wordsOf(first).join(' ');
  const choosing =
    second === undefined
      ? []
      : [
          `complete -c firn -n ${quoted(`__fish_seen_subcommand_from ${first}; and not __fish_seen_subcommand_from ${others}`)} -a ${second} -d ${quoted(summary)}`,
        ];
  const seen = [first, second]
    .filter((word) => word !== undefined)
    .map((word) => `__fish_seen_subcommand_from ${word}`);
  const here = seen.join('; and ');
  const offer = operand ? operandOffer(operand) : null;
  return [
    ...choosing,
    ...optionsOf(command).map((option) => fishOption(option, command, here)),
    ...(offer === null ? [] : [`complete -c firn -n ${quoted(here)} ${fishOffer(offer)}`]),
  ];
}

function fishOption(name: OptionName, command: CommandDefinition | null, here: string): string {
  const offer = command ? offerOf(name, command) : (definitionOf(name).completes ?? null);
  const value = isValued(name) ? ` -r ${fishOffer(offer)}` : '';
  const about = quoted(aboutOf(name, command ?? undefined));
  return `complete -c firn -n ${quoted(here)} -l ${flagOf(name).slice(2)}${value} -d ${about}`.replaceAll('  ', ' ');
}

function fishOffer(offer: Offer): string {
  if (offer === null) return '-f';
  if (offer === 'file') return '-F';
  return offer === 'folder' ? `-f -a '(__fish_complete_directories)'` : `-f -a ${quoted(offer.words.join(' '))}`;
}

function summaryOf(word: string): string {
  return commands.find(({ name }) => name === word)?.summary ?? groups[word] ?? 'says how a command is used';
}

/** For shells: nothing in it means anything. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
