import { Router } from 'express';
import type { Schedule } from '@sodium/contract';
import type { ScheduleService } from '../panel/schedules/schedule-service.js';
import type { ServerService } from '../panel/servers/server-service.js';
import type { CronRow, PluginCrons } from '../plugins/crons.js';

interface ScheduledRow {
  kind: 'server' | 'plugin';
  name: string;
  expression: string;
  timezone: string;
  nextRun: string | null;
}

/** `GET /api/admin/schedules`: everything that runs at set times, of servers and of plugins. */
export function adminSchedulesRouter(schedules: ScheduleService, servers: ServerService, crons: PluginCrons): Router {
  const router = Router();
  router.get('/', (_req, res) => {
    const names = new Map(servers.list(null).map((server) => [server.id, server.name]));
    const rows = [
      ...schedules.all().map((schedule) => ofServer(schedule, names.get(schedule.server) ?? null)),
      ...crons.list().map(ofPlugin),
    ];
    res.json({ items: rows.sort(bySoonest) });
  });
  return router;
}

function ofServer(schedule: Schedule, serverName: string | null): ScheduledRow & Record<string, unknown> {
  const { id, server, name, cron, timezone, enabled, task, lastRun, nextRun } = schedule;
  return { kind: 'server', id, server, serverName, name, expression: cron, timezone, enabled, task, lastRun, nextRun };
}

function ofPlugin({
  plugin,
  name,
  expression,
  timezone,
  running,
  nextRun,
  lastRun,
}: CronRow): ScheduledRow & Record<string, unknown> {
  return { kind: 'plugin', plugin, name, expression, timezone, running, lastRun, nextRun };
}

function bySoonest(a: ScheduledRow, b: ScheduledRow): number {
  // What never runs comes last.
  return (a.nextRun ?? '~').localeCompare(b.nextRun ?? '~') || a.name.localeCompare(b.name);
}
