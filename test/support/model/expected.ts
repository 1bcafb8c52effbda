import { readFileSync } from 'node:fs';
import type fc from 'fast-check';
import type { PracticeCredentials } from '../../../main/practice/server.ts';
import type { UploadId } from '../../../shared/upload.ts';
import { treeHashByDefinition } from '../tree-hash-by-definition.ts';
import type { World } from '../world.ts';

/** What the user wants of an upload, and what was done to its file: all that the model knows. */
export type Expected = {
  id: UploadId;
  path: string;
  /** Of the file as it was when it was added. */
  treeHash: string;
  wish: 'run' | 'pause' | 'cancel';
  isTampered: boolean;
};

/** `refusedKeys`: what Firn signs with, while the service refuses it. */
export type Model = { uploads: Expected[]; refusedKeys: PracticeCredentials | null };

export type Step = fc.AsyncCommand<Model, World>;

/** A step that says its name when a run is printed. */
export function step(name: string, run: (model: Model, world: World) => Promise<void> | void): Step {
  return {
    check: () => true,
    run: async (model, world) => run(model, world),
    toString: () => name,
  };
}

/** One of the uploads, or none while there are none. */
export function one(
  name: string,
  index: number,
  act: (upload: Expected, world: World, model: Model) => Promise<void> | void,
): Step {
  return step(`${name}(${index})`, async (model, world) => {
    const upload = model.uploads[index % Math.max(1, model.uploads.length)];
    if (upload) await act(upload, world, model);
  });
}

/** Several uploads may be of the same file. */
export function tamper({ uploads }: Model, path: string): void {
  for (const upload of uploads) if (upload.path === path) upload.isTampered = true;
}

export function expectation(id: UploadId, path: string): Expected {
  return { id, path, treeHash: treeHashByDefinition(readFileSync(path)), wish: 'run', isTampered: false };
}
