import { goodManners, type MannersFor } from '../../../main/practice/exchange/manners.ts';
import { type PracticeOptions, type PracticeService, startPracticeService } from '../../../main/practice/server.ts';
import { FaultChooser } from './chooser.ts';
import type { Faults } from './faults.ts';
import { mannersOf } from './manners.ts';

export type FaultyOptions = Omit<PracticeOptions, 'mannersFor'> & { faults?: Faults };

/** A practice vault that misbehaves as the faults say; without any it is the application's own. */
export function startFaultyVault({ faults, ...options }: FaultyOptions): Promise<PracticeService> {
  return startPracticeService(faults ? { ...options, mannersFor: mannersUnder(faults) } : options);
}

function mannersUnder(faults: Faults): MannersFor {
  const chooser = new FaultChooser(faults);
  return (entry, request, response) => {
    const behaviour = chooser.choose(entry);
    return behaviour ? mannersOf(behaviour, request, response) : goodManners;
  };
}
