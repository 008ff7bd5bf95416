import { BlockList, isIP } from 'node:net';

/** Special-purpose ranges of IANA: this machine, private networks, link-local, carrier NAT, documentation, multicast. */
const RESERVED_V4 = [
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24',
  '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4',
]; // prettier-ignore
/** Inside the global unicast range: tunnels that carry any IPv4 address, and documentation. */
const RESERVED_V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

const reserved = new BlockList();
for (const range of RESERVED_V4) add(range, 'ipv4');
for (const range of RESERVED_V6) add(range, 'ipv6');
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');

function add(range: string, family: 'ipv4' | 'ipv6'): void {
  const [network, prefix] = range.split('/') as [string, string];
  reserved.addSubnet(network, Number(prefix), family);
}

/** True for addresses of the public internet. Anything that cannot be read is not. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !reserved.check(address, 'ipv4');
    case 6:
      return globalUnicast.check(address, 'ipv6') && !reserved.check(address, 'ipv6');
    default:
      return false;
  }
}
