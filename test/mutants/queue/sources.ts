import { mainMutants, type Mutant } from '../mutant.ts';

/** The source must not change. */
export const sources: Mutant[] = [
  ...mainMutants(
    'uploads/steps/initiate.ts',
    ['queue/source'],
    [
      [
        'the file is looked at before anything is asked',
        '(await checkSource(upload, context)) ?? (askedAt',
        '(askedAt',
      ],
    ],
  ),
  ...mainMutants(
    'uploads/steps/upload-parts.ts',
    ['queue/source'],
    [
      [
        'it is looked at before parts are sent',
        '(await checkSource(upload, context)) ??\n    (await sendWhatGlacierLacks',
        '(await sendWhatGlacierLacks',
      ],
      [
        'and before the archive is completed',
        '(await sendWhatGlacierLacks(upload, multipartUploadId, context)) ??\n    (await checkSource(upload, context));',
        '(await sendWhatGlacierLacks(upload, multipartUploadId, context));',
      ],
      [
        'what changed in nothing but its time is sent on',
        'return stillChanged ? problem : sendMissing(upload, multipartUploadId, context);',
        'return problem;',
      ],
    ],
  ),
  ...mainMutants(
    'uploads/steps/source.ts',
    ['queue/source'],
    [
      ['it must have its size', 'now.size !== identity.size', 'false'],
      [
        'and its time as long as nothing was sent',
        'parts.length === 0 && !isSameOnAnotherClock(now.modifiedNs, identity.modifiedNs)',
        'false',
      ],
      ['what was sent of it has the same hashes', 'if (hash.value !== part.treeHash)', 'if (false)'],
      ['its new index and time are kept', 'context.uploads.adoptIdentity(upload.id, now);', ''],
    ],
  ),
  ...mainMutants(
    'core/source-identity.ts',
    ['transfer/source-reader'],
    [
      [
        'a part’s file is the one that was added',
        "if (was.fileId !== is.fileId) return 'another file took its place';",
        '',
      ],
      ['it has not grown', 'if (was.size < is.size)', 'if (false)'],
      ['nor become shorter', 'if (was.size > is.size)', 'if (false)'],
      ['nor was it written to', "if (was.modifiedNs !== is.modifiedNs) return 'it was written to';", ''],
    ],
  ),
  ...mainMutants(
    'transfer/source-reader.ts',
    ['transfer/source-reader'],
    [
      ['the open file is compared', 'await this.#try(() => this.#file.stat({ bigint: true })),', ''],
      ['and what has its name', 'await this.#try(() => lstat(path, { bigint: true })),', ''],
      [
        'a file that ends too soon is no whole range',
        "if (bytesRead === 0) this.changed('it became shorter');",
        'if (bytesRead === 0) break;',
      ],
    ],
  ),
  ...mainMutants(
    'files/read.ts',
    ['transfer/source-reader'],
    [['no link is followed', 'constants.O_NONBLOCK | constants.O_NOFOLLOW', 'constants.O_NONBLOCK']],
  ),
  ...mainMutants(
    'transfer/send-part.ts',
    ['transfer/send-part'],
    [
      [
        'the file is compared after a part was read',
        'await reader.verify();\n    return hasher.digest();',
        'return hasher.digest();',
      ],
      [
        'the second pass has the bytes of the first',
        "if (hash.digest('hex') !== linear) reader.changed('it was written to while it was read');",
        '',
      ],
      ['and the file is compared after it', 'await reader.verify();\n      if (hash', 'if (hash'],
    ],
  ),
];
