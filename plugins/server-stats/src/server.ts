import { definePlugin, type HookServer, type HookUser, type PluginRequest, type PluginResponse } from '@sodium/sdk';
import { MINUTE_MS, type ServerStats } from './points.js';
import { toCsv } from './server/csv.js';
import { History } from './server/history.js';
import { Thresholds } from './server/thresholds.js';

const DEFAULT_MINUTES = 60;
const MOST_MINUTES = 72 * 60;

export default definePlugin((sodium) => {
  const history = new History(sodium);
  const thresholds = new Thresholds(sodium);

  sodium.hooks.on('server:resourceUsage', async ({ server, usage }) => {
    const point = history.add(server.id, { at: Date.now(), cpu: usage.cpu, memoryBytes: usage.memoryBytes });
    if (point) await thresholds.check(server, point);
  });
  sodium.hooks.on('server:onDelete', ({ server }) => {
    history.forget(server.id);
    thresholds.forget(server.id);
  });

  const statsOf = ({ id, name, state }: HookServer, minutes: number): ServerStats => ({
    id,
    name,
    state,
    points: history.since(id, Date.now() - minutes * MINUTE_MS),
    // What has stopped uses nothing.
    alerts: state === 'offline' ? [] : thresholds.of(id),
  });
  const visibleTo = async (user: HookUser | null): Promise<HookServer[]> =>
    (await sodium.servers.list()).filter((server) => maySee(user, server));
  const sendCsv = (res: PluginResponse, name: string, stats: readonly ServerStats[]): void => {
    res.type('text/csv; charset=utf-8').set('content-disposition', `attachment; filename="${name}.csv"`);
    res.send(toCsv(stats));
  };
  const findFor = async ({ user, params }: PluginRequest): Promise<HookServer | null> => {
    const server = await sodium.servers.get(params.id ?? '');
    return server && maySee(user, server) ? server : null;
  };

  sodium.http.registerRoutes((router) => {
    router.get('/servers', async (req, res) => {
      const visible = await visibleTo(req.user);
      res.json({ items: visible.map((server) => statsOf(server, minutesOf(req))) });
    });

    router.get('/alerts', async (req, res) => {
      const visible = await visibleTo(req.user);
      res.json({ count: visible.filter((server) => statsOf(server, 1).alerts.length > 0).length });
    });

    router.get('/servers.csv', async (req, res) => {
      const visible = await visibleTo(req.user);
      sendCsv(
        res,
        'servers',
        visible.map((server) => statsOf(server, minutesOf(req))),
      );
    });

    router.get('/servers/:id/stats.csv', async (req, res) => {
      const server = await findFor(req);
      return server ? sendCsv(res, `server-${server.id}`, [statsOf(server, minutesOf(req))]) : sendMissing(res);
    });

    router.get('/servers/:id', async (req, res) => {
      const server = await findFor(req);
      return server ? res.json(statsOf(server, minutesOf(req))) : sendMissing(res);
    });
  });
});

/** Somebody else's server answers like one that does not exist. */
function sendMissing(res: PluginResponse): PluginResponse {
  return res.status(404).json({ error: { code: 'NOT_FOUND', message: 'There is no such server.' } });
}

/** The plugin can read every server; what it shows is what its user may see. */
function maySee(user: HookUser | null, server: HookServer): boolean {
  return user !== null && (user.role === 'admin' || server.owner === user.id);
}

function minutesOf({ query }: PluginRequest): number {
  const minutes = Number(query.minutes ?? DEFAULT_MINUTES);
  return Number.isFinite(minutes) ? Math.min(Math.max(minutes, 1), MOST_MINUTES) : DEFAULT_MINUTES;
}
