import { definePlugin, type HookServer, type HookUser, type PluginRequest } from '@sodium/sdk';
import { MINUTE_MS, type ServerStats } from './points.js';
import { History } from './server/history.js';

const DEFAULT_MINUTES = 60;
const MOST_MINUTES = 72 * 60;

export default definePlugin((sodium) => {
  const history = new History(sodium);

  sodium.hooks.on('server:resourceUsage', ({ server, usage }) => {
    history.add(server.id, { at: Date.now(), cpu: usage.cpu, memoryBytes: usage.memoryBytes });
  });
  sodium.hooks.on('server:onDelete', ({ server }) => history.forget(server.id));

  const statsOf = ({ id, name, state }: HookServer, minutes: number): ServerStats => ({
    id,
    name,
    state,
    points: history.since(id, Date.now() - minutes * MINUTE_MS),
  });

  sodium.http.registerRoutes((router) => {
    router.get('/servers', async (req, res) => {
      const servers = await sodium.servers.list();
      const visible = servers.filter((server) => maySee(req.user, server));
      res.json({ items: visible.map((server) => statsOf(server, minutesOf(req))) });
    });

    router.get('/servers/:id', async (req, res) => {
      const server = await sodium.servers.get(req.params.id ?? '');
      // Somebody else's server answers like one that does not exist.
      if (!server || !maySee(req.user, server)) {
        return res.status(404).json({ error: { code: 'NOT_FOUND', message: 'There is no such server.' } });
      }
      return res.json(statsOf(server, minutesOf(req)));
    });
  });
});

/** The plugin can read every server; what it shows is what its user may see. */
function maySee(user: HookUser | null, server: HookServer): boolean {
  return user !== null && (user.role === 'admin' || server.owner === user.id);
}

function minutesOf({ query }: PluginRequest): number {
  const minutes = Number(query.minutes ?? DEFAULT_MINUTES);
  return Number.isFinite(minutes) ? Math.min(Math.max(minutes, 1), MOST_MINUTES) : DEFAULT_MINUTES;
}
