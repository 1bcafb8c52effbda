import { fail, ok } from '../../../shared/result.ts';
import { SHELLS } from '../shells.ts';
import type { CommandDefinition } from './definition.ts';

export const otherCommands: readonly CommandDefinition[] = [
  {
    name: 'accounts',
    summary: 'lists the accounts that the folder knows',
    options: [],
    examples: ['accounts'],
    read: () => ok({ kind: 'accounts' }),
  },
  {
    name: 'confirm-account',
    summary: 'takes over an account that an imported catalogue told of; shows its service first',
    operand: { name: 'ACCOUNT', about: 'its name or ID; "firn accounts" lists them' },
    options: ['yes'],
    examples: ['confirm-account Studio'],
    read: ({ yes = false }, [account]) =>
      account === undefined ? fail('Say which account.') : ok({ kind: 'confirm-account', account, yes }),
  },
  {
    name: 'completion',
    summary: 'prints what a shell needs to complete commands and options',
    operand: { name: 'SHELL', about: SHELLS.join(', '), completes: SHELLS },
    options: [],
    examples: ['completion bash > ~/.local/share/bash-completion/completions/firn'],
    read: (_, [text]) => {
      const shell = SHELLS.find((name) => name === text);
      return shell === undefined
        ? fail(`Say for which shell: ${SHELLS.join(', ')}.`)
        : ok({ kind: 'completion', shell });
    },
  },
  {
    name: 'man',
    summary: 'prints the manual page',
    options: [],
    examples: ['man > firn.1'],
    read: () => ok({ kind: 'man' }),
  },
];
