import type { Acts } from './wording.ts';

/** What lies behind a service that cannot be reached, as far as it is known; each has a remedy of its own. */
export type OfflineCause =
  | 'line'
  | 'name'
  | 'refused'
  | 'cut'
  /** A connection that was kept for the next request had been closed by the other side. */
  | 'stale'
  | 'proxy'
  /** The proxy wants a login that Firn does not speak. */
  | 'proxy-login'
  | 'untrusted'
  | 'wrong-host'
  | 'certificate-date'
  | 'ca-file';

const remedies: Readonly<Record<OfflineCause, string>> = {
  line: 'Check the cable, the Wi-Fi or the VPN.',
  name: 'Check the internet connection; where only a proxy leads to the internet, name it in SETTINGS.',
  refused: 'Check the address, and whether a firewall stands in the way.',
  cut: 'Check the internet connection.',
  stale: 'Check the internet connection.',
  proxy: 'Check that the proxy runs, and its address in SETTINGS.',
  'proxy-login':
    'Firn speaks Basic logins alone. A helper on this computer can sign in to such a proxy for it, as Px (Windows) and Cntlm do: start one, and name it in SETTINGS in the place of the proxy (http://127.0.0.1:3128).',
  untrusted:
    'Office networks and virus scanners that look into secure connections have a certificate of their own: add it to those of the systemOR_VARIABLE. Without one, somebody may be listening.',
  'wrong-host': 'Some networks ask you to sign in first: open any web page. Otherwise check the address.',
  'certificate-date': "Check this computer's date.",
  'ca-file': 'Correct what names the file: ca_bundle of the AWS profile, or VARIABLES.',
};

export function offlineRemedy(cause: OfflineCause, { surface }: Acts): string {
  return Object.entries(named[surface]).reduce((text, [word, name]) => text.replace(word, name), remedies[cause]);
}

/** What stands for the words in capitals. */
const named: Readonly<Record<Acts['surface'], Readonly<Record<string, string>>>> = {
  window: {
    SETTINGS: 'the system settings',
    OR_VARIABLE: '',
    VARIABLES: 'a variable of the environment that Firn was started in',
  },
  'command-line': {
    SETTINGS: 'HTTPS_PROXY',
    OR_VARIABLE: ', or name its file in AWS_CA_BUNDLE',
    VARIABLES: 'AWS_CA_BUNDLE or NODE_EXTRA_CA_CERTS',
  },
};
