export { runMarathon } from './marathon.ts';
export { inWords, untested } from './report.ts';
