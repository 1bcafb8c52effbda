import { assertNever } from '../../shared/assert.ts';
import type { Failure } from '../../shared/failure.ts';
import { type Upload } from '../core/store-ports.ts';
import { abortMultipart } from './steps/abort.ts';
import { completeArchive } from './steps/complete.ts';
import { initiate } from './steps/initiate.ts';
import { settleUnconfirmed } from './steps/settle.ts';
import { uploadParts } from './steps/upload-parts.ts';
import type { StepContext } from './steps/context.ts';

/**
 * Takes an upload one phase further: asks the service, and commits what follows before it returns. Null when that went
 * well; otherwise why not, with the phase as it was.
 * @throws the reason of `context.signal` or `context.partSignal` when it is aborted.
 */
export function advance(upload: Upload, context: StepContext): Promise<Failure | null> {
  switch (upload.phase.kind) {
    case 'queued':
      return initiate(upload, upload.phase.initiateAskedAt, context);
    case 'uploading':
      return uploadParts(upload, upload.phase.multipartUploadId, context);
    case 'completing':
      return completeArchive(upload, upload.phase, context);
    case 'unconfirmed':
      return settleUnconfirmed(upload, upload.phase, context);
    case 'aborting':
      return abortMultipart(upload, upload.phase.multipartUploadId, context);
    case 'stored':
    case 'cancelled':
      return Promise.resolve(null);
    default:
      return assertNever(upload.phase);
  }
}
