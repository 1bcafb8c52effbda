# Uploads one file with boto3, as its documentation has it: parts in a loop, or by several threads.
#   boto3-client.py URL FILE PART_SIZE THREADS
import hashlib
import os
import sys
from concurrent.futures import ThreadPoolExecutor

import boto3

url, path, part_size, threads = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
glacier = boto3.client('glacier', endpoint_url=url)
file = os.open(path, os.O_RDONLY)
size = os.fstat(file).st_size
upload = glacier.initiate_multipart_upload(vaultName='bench', partSize=str(part_size))['uploadId']


def send(first):
    body = os.pread(file, part_size, first)
    content_range = f'bytes {first}-{first + len(body) - 1}/*'
    # botocore computes both hashes. Its answer carries the tree hash of the part.
    return glacier.upload_multipart_part(vaultName='bench', uploadId=upload, range=content_range, body=body)['checksum']


def combine(hashes):
    while len(hashes) > 1:
        pairs = [hashes[i : i + 2] for i in range(0, len(hashes), 2)]
        hashes = [hashlib.sha256(b''.join(pair)).digest() if len(pair) == 2 else pair[0] for pair in pairs]
    return hashes[0].hex()


firsts = range(0, size, part_size)
if threads == 1:
    checksums = [send(first) for first in firsts]
else:
    with ThreadPoolExecutor(threads) as pool:
        checksums = list(pool.map(send, firsts))
tree_hash = combine([bytes.fromhex(checksum) for checksum in checksums])
glacier.complete_multipart_upload(vaultName='bench', uploadId=upload, archiveSize=str(size), checksum=tree_hash)
