export const help = `firn: files into Amazon Glacier, and proof that they are there

  firn --data DIR vault create NAME        creates a vault
  firn --data DIR vault list               lists the vaults
  firn --data DIR upload --vault NAME [--part-size 16MiB] [--parallel N] [--again] PATH...
                                           queues files and folders and runs until each is stored or needs you
  firn --data DIR run                      goes on with whatever the queue holds, after a crash, too
  firn --data DIR queue                    what waits, runs, and needs you
  firn --data DIR catalogue [SEARCH]       the archives, newest first
  firn --data DIR catalogue export --format csv|json|html [--vault NAME] [--to FILE] [SEARCH]
                                           the archives as a table, as data, or as a record to print
  firn --data DIR catalogue import FILE [--vault NAME]
                                           adds what a file tells: an export, a journal of Firn or of mt-aws-glacier,
                                           or a list in CSV; --vault for files that do not name it
  firn --data DIR catalogue rebuild [--copy] [--no-wait] [VAULT...]
                                           brings back the catalogue from the vaults' inventories (of all vaults without
                                           names); takes hours, may be interrupted and repeated; --copy brings in the
                                           newest copy of the catalogue that they hold, too
  firn --data DIR catalogue retrieve [--no-wait]
                                           brings in the copy of the catalogue that an inventory has found
  firn --data DIR inventory [--wait] VAULT...
                                           asks for inventories and compares them with the catalogue
  firn --data DIR catalogue archive --vault NAME
                                           puts a copy of the catalogue itself into a vault
  firn --data DIR retrieve --to DIR [--tier Standard|Expedited|Bulk] [--existing ask|keep-both|replace] [--range A-B]
                           [--yes] [--no-wait] ARCHIVE_ID... | --search WORDS
                                           tells the cost, and fetches archives into a folder; may be interrupted
                                           and repeated (put -- before an ID that begins with a minus)
  firn --data DIR retrievals               what is being retrieved
  firn --data DIR delete [--yes] ARCHIVE_ID... | --search WORDS
                                           says what is lost, asks, and deletes archives from Glacier for good; may be
                                           interrupted and repeated
  firn --data DIR vault empty [--close] [--yes] [--no-wait] [--also-new] NAME
                                           deletes all that is in a vault, and with --close the vault as well; takes
                                           days, may be interrupted and repeated; --also-new: also what came since
  firn --data DIR deletions                what is being deleted and emptied
  firn --data DIR verify [--vault NAME] [SEARCH]
                                           reads the local files of archives again, compares, and says which local
                                           copies may safely be deleted; nothing is asked of Amazon
  firn doctor [VAULT...]                   what is wrong with the account, how to mend it, and the policy it needs
  firn --data DIR pause|resume|cancel ID   an upload, retrieval, deletion or emptying; resume also
                                           retries what failed

  --data DIR            the folder of queue and catalogue
  --json                JSON lines on standard output, one event or row each
  --profile NAME        a profile of the AWS shared config (also AWS_PROFILE)
  --region REGION       also AWS_REGION, AWS_DEFAULT_REGION
  --endpoint-url URL    also AWS_ENDPOINT_URL_GLACIER, AWS_ENDPOINT_URL
  --limit RATE          bytes per second, like 500KiB or 2MiB
  --gentle              takes one core, and only while nothing else needs it
  --again               upload also what the catalogue or the queue already has

Credentials come from the environment or the profile, as in the AWS CLI; never from the command line.
Proxies come from HTTPS_PROXY and NO_PROXY, further certificates to trust from AWS_CA_BUNDLE.
Exit status: 0 when all is done, 1 when something needs you, 2 when the command line makes no sense.`;
