/** How the window shows where something stands, whatever its own words for it are. */
export type Tone = 'running' | 'waiting' | 'done' | 'needs-you' | 'cancelled';
