import { ADMIN, openTestHosting } from '../test-hosting.js';
import type { IsolationKind } from './isolation/isolation.js';

/** A process that holds the domain, so that a test can kill it. Arguments: data folder, isolation or `auto`, ports. */
const [data = '', isolation = 'auto', from = '41500'] = process.argv.slice(2);
const ports = { from: Number(from), to: Number(from) + 99 };
const hosting = await openTestHosting(
  data,
  isolation === 'auto' ? { ports } : { isolation: isolation as IsolationKind, ports },
);
await hosting.servers.resume();

const tell = (message: object): void => void process.send!(message);
process.on(
  'message',
  (
    message:
      | { do: 'create'; template: string }
      | { do: 'power'; id: string; action: 'start' | 'stop' }
      | { do: 'list' | 'close' },
  ) => {
    const act = async (): Promise<object> => {
      if (message.do === 'create')
        return hosting.servers.create(ADMIN, { name: 'x', template: message.template, limits: {}, variables: {} });
      if (message.do === 'power') return hosting.servers.power(ADMIN, message.id, message.action);
      if (message.do === 'close') await hosting.close();
      return {
        items: hosting.servers
          .list(null)
          .map((server) => ({ ...server, console: hosting.runtime.attach(server.id).map((line) => line.text) })),
      };
    };
    act().then(tell, (error: Error) => tell({ error: error.message }));
  },
);
tell({ ready: true, isolation: hosting.isolation });
