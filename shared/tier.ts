/** How fast, and for how much, Glacier makes the output of an archive retrieval available. */
export const TIERS = ['Expedited', 'Standard', 'Bulk'] as const;
export type Tier = (typeof TIERS)[number];
