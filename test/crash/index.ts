export { runMarathon } from './marathon.ts';
export { inWords, untested, vaultsInWords, wayBackInWords } from './report.ts';
export { runVaults } from './vaults/marathon.ts';
export { runWayBack } from './way-back.ts';
