/** How much of the processor the user leaves to sending; automatic is gentle on battery. */
export const CPU_USES = ['automatic', 'full', 'gentle'] as const;
export type CpuUse = (typeof CPU_USES)[number];

/** With full speed a thread for each core hashes and sends; gently it is one, behind everything else. */
export type Effort = 'full' | 'gentle';

/** Where the computer's power comes from; a computer that does not tell has a plug. */
export type Power = { onBattery: boolean };

export function effortOf(cpuUse: CpuUse, { onBattery }: Power): Effort {
  if (cpuUse !== 'automatic') return cpuUse;
  return onBattery ? 'gentle' : 'full';
}

/** What is in effect, and why. */
export function describeEffort(cpuUse: CpuUse, power: Power): string {
  const effort = effortOf(cpuUse, power);
  const words = {
    full: 'Full speed: every core may hash and send.',
    gentle: 'Gentle: one core hashes and sends, and only while nothing else needs it.',
  }[effort];
  if (cpuUse !== 'automatic') return words;
  return `${power.onBattery ? 'On battery now' : 'Plugged in now'}. ${words}`;
}
