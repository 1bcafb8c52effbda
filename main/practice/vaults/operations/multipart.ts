import { fail, ok, type Result } from '../../../../shared/result.ts';
import { doneAnswer, jsonAnswer } from '../protocol/answers.ts';
import { type Call, type Operation, type Service, findVault, vaultArn, vaultLocation } from '../protocol/call.ts';
import { type Place, byPlace, page } from '../protocol/pages.ts';
import { readArchiveDescription, readPartSize } from '../protocol/parameters.ts';
import { type Rejection, rejections } from '../protocol/rejections.ts';
import { isoTime } from '../../exchange/time.ts';
import { inOrder } from '../store/parts.ts';
import type { Upload, Vault } from '../store/store.ts';
import { abortUpload, findOpenUpload, isAbortRemembered, isOpen, openUpload } from '../store/uploads.ts';

export const initiateMultipartUpload: Operation = async (service, call) => {
  const vault = findVault(service, call);
  if (!vault.ok) return vault;
  const partSize = readPartSize(call.headers);
  if (!partSize.ok) return partSize;
  const description = readArchiveDescription(call.headers);
  if (!description.ok) return description;
  const upload = await openUpload(service.store, vault.value, {
    partSize: partSize.value,
    description: description.value,
    createdAt: service.clock(),
  });
  const id = upload.record.multipartUploadId;
  const location = `${vaultLocation(service, call.route.vault)}/multipart-uploads/${id}`;
  return ok(doneAnswer(201, { Location: location, 'x-amz-multipart-upload-id': id }));
};

export const listMultipartUploads: Operation = (service, call) => {
  const vault = findVault(service, call);
  if (!vault.ok) return vault;
  const place = ({ record }: Upload): Place => [record.createdAt, record.multipartUploadId];
  const open = [...vault.value.uploads.values()].filter((upload) => isOpen(upload, service.clock(), service.rules));
  const listed = page(call.route.query, open.sort(byPlace(place)), {
    listing: `uploads of ${call.route.vault}`,
    place,
    shortfall: service.rules.pageShortfall,
  });
  if (!listed.ok) return listed;
  const { items, marker } = listed.value;
  return ok(jsonAnswer({ Marker: marker, UploadsList: items.map((upload) => summary(service, vault.value, upload)) }));
};

export const listParts: Operation = (service, call) => {
  const vault = findVault(service, call);
  if (!vault.ok) return vault;
  const upload = findUpload(service, call, vault.value);
  if (!upload.ok) return upload;
  const listed = page(call.route.query, inOrder(upload.value.parts), {
    listing: `parts of ${call.route.id}`,
    place: ({ first }) => [first, ''],
    shortfall: service.rules.pageShortfall,
  });
  if (!listed.ok) return listed;
  const Parts = listed.value.items.map(({ first, last, treeHash }) => ({
    RangeInBytes: `${first}-${last}`,
    SHA256TreeHash: treeHash,
  }));
  const { ArchiveDescription, CreationDate, MultipartUploadId, PartSizeInBytes, VaultARN } = summary(
    service,
    vault.value,
    upload.value,
  );
  const Marker = listed.value.marker;
  return ok(
    jsonAnswer({ ArchiveDescription, CreationDate, Marker, MultipartUploadId, PartSizeInBytes, Parts, VaultARN }),
  );
};

/** Succeeds again for a while. A completed upload is not there any more. */
export const abortMultipartUpload: Operation = async (service, call) => {
  const vault = findVault(service, call);
  if (!vault.ok) return vault;
  if (isAbortRemembered(vault.value, call.route.id, service.clock(), service.rules)) {
    return ok({ ...doneAnswer(204), committed: false });
  }
  const upload = findUpload(service, call, vault.value);
  if (!upload.ok) return upload;
  await abortUpload(service.store, upload.value, service.clock());
  return ok(doneAnswer(204));
};

export function findUpload({ clock, rules }: Service, { route }: Call, vault: Vault): Result<Upload, Rejection> {
  const upload = findOpenUpload(vault, route.id, clock(), rules);
  return upload ? ok(upload) : fail(rejections.uploadMissing(route.id));
}

function summary(service: Service, vault: Vault, { record }: Upload): Record<string, unknown> {
  return {
    ArchiveDescription: record.description,
    CreationDate: isoTime(record.createdAt),
    MultipartUploadId: record.multipartUploadId,
    PartSizeInBytes: record.partSize,
    VaultARN: vaultArn(service, vault.record.name),
  };
}
