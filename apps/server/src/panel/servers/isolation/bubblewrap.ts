import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Isolation } from './isolation.js';

const SYSTEM = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64'];
const SETTINGS = [
  'resolv.conf',
  'hosts',
  'nsswitch.conf',
  'passwd',
  'group',
  'localtime',
  'ssl',
  'ca-certificates',
  'pki',
].map((name) => `/etc/${name}`);

/** A namespace that holds the system's programs, Node.js and one server's folder; processes of others do not exist in it. */
export function bubblewrapIsolation(program: string): Isolation {
  const node = dirname(dirname(process.execPath));
  const shared = [
    ...SYSTEM.filter(existsSync).flatMap((path) =>
      lstatSync(path).isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path],
    ),
    ...SETTINGS.flatMap((path) => ['--ro-bind-try', path, path]),
    // Under `/usr` it is there already; a Node.js in somebody's home needs its own folder only.
    ...(node.startsWith('/usr') || node === '/' ? [] : ['--ro-bind', node, node]),
  ];
  const flags = ['--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try', '--die-with-parent'];
  const drop = process.getuid?.() === 0 ? ['--cap-drop', 'ALL'] : [];
  return {
    kind: 'bubblewrap',
    detail: 'Each server runs in a bubblewrap namespace that holds its own folder and the system’s programs.',
    uidFor: () => null,
    launch: (argv, folder) => ({
      command: program,
      args: [
        ...flags,
        ...drop,
        // Before what is shared, or they would lie on top of it.
        ...['--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp'],
        ...shared,
        '--bind',
        folder,
        folder,
        '--chdir',
        folder,
        '--',
        ...argv,
      ],
      uid: null,
      gid: null,
      wrapped: true,
    }),
  };
}
