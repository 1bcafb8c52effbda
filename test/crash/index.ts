export { runMarathon } from './marathon.ts';
export { inWords, untested, wayBackInWords } from './report.ts';
export { runWayBack } from './way-back.ts';
