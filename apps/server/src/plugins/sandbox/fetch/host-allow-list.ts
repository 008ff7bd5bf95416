/**
 * Whether a plugin may talk to the host of this URL. Entries are `api.example.com`, `*.example.com` (names below it) or
 * either with a port; without one they mean the default port of the protocol.
 */
export function isHostAllowed(url: URL, allowed: readonly string[]): boolean {
  return allowed.some((entry) => matches(url, entry.toLowerCase()));
}

function matches(url: URL, entry: string): boolean {
  const [, name, port = ''] = /^(.*?)(?::(\d+))?$/.exec(entry)!;
  const wanted = port === (url.protocol === 'https:' ? '443' : '80') ? '' : port;
  if (url.port !== wanted) return false;
  const host = url.hostname.toLowerCase();
  return name!.startsWith('*.') ? host.endsWith(name!.slice(1)) && host.length > name!.length - 1 : host === name;
}
