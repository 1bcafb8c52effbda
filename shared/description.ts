export { type Described, MAX_DESCRIPTION_LENGTH } from './description/described.ts';
export { readDescription } from './description/read.ts';
export { SHORTENED, withSlashes, writeDescription } from './description/write.ts';
