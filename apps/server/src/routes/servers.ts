import { json, Router } from 'express';
import { z } from 'zod';
import {
  powerActionSchema,
  scheduleBodySchema,
  schedulePatchSchema,
  serverCreateSchema,
  serverPatchSchema,
} from '@sodium/contract';
import { HttpError } from '../http-error.js';
import type { ScheduleService } from '../panel/schedules/schedule-service.js';
import type { ServerService } from '../panel/servers/server-service.js';
import { bodyOf, param } from './http/body.js';
import { requireCaller } from './http/caller.js';

const powerBody = z.object({ action: powerActionSchema });
const commandBody = z.object({ command: z.string().min(1).max(2000) });

/** `/api/servers`: users see their own, admins all. */
export function serversRouter(servers: ServerService, schedules: ScheduleService): Router {
  const router = Router();
  router.use((req, _res, next) => {
    requireCaller(req);
    next();
  });
  router.use(json({ limit: '256kb' }));

  router.get('/', (req, res) => void res.json({ items: servers.list(requireCaller(req).user) }));
  router.post('/', async (req, res) => {
    const server = await servers.create(requireCaller(req).user, bodyOf(req, serverCreateSchema));
    res.status(201).json(server);
  });
  router.get('/:id', (req, res) => void res.json(servers.get(requireCaller(req).user, param(req, 'id'))));
  router.patch('/:id', async (req, res) => {
    res.json(await servers.patch(requireCaller(req).user, param(req, 'id'), bodyOf(req, serverPatchSchema)));
  });
  router.delete('/:id', async (req, res) => {
    await servers.delete(requireCaller(req).user, param(req, 'id'));
    res.status(204).end();
  });
  router.post('/:id/power', async (req, res) => {
    res.json(await servers.power(requireCaller(req).user, param(req, 'id'), bodyOf(req, powerBody).action));
  });
  router.post('/:id/command', (req, res) => {
    servers.command(requireCaller(req).user, param(req, 'id'), bodyOf(req, commandBody).command);
    res.status(204).end();
  });
  router.get('/:id/resources', async (req, res) => {
    res.json(await servers.resources(requireCaller(req).user, param(req, 'id')));
  });
  router.use('/:id/schedules', schedulesRouter(servers, schedules));
  return router;
}

function schedulesRouter(servers: ServerService, schedules: ScheduleService): Router {
  const router = Router({ mergeParams: true });
  router.use((req, _res, next) => {
    servers.get(requireCaller(req).user, param(req, 'id'));
    next();
  });
  router.get('/', (req, res) => void res.json({ items: schedules.list(param(req, 'id')) }));
  router.post('/', async (req, res) => {
    res.status(201).json(await schedules.create(param(req, 'id'), bodyOf(req, scheduleBodySchema)));
  });
  router.patch('/:schedule', async (req, res) => {
    const patch = bodyOf(req, schedulePatchSchema);
    if (Object.keys(patch).length === 0) throw new HttpError(400, 'INVALID_BODY', 'Name at least one field to change.');
    res.json(await schedules.update(param(req, 'id'), param(req, 'schedule'), patch));
  });
  router.delete('/:schedule', async (req, res) => {
    await schedules.delete(param(req, 'id'), param(req, 'schedule'));
    res.status(204).end();
  });
  router.post('/:schedule/run', async (req, res) => {
    res.json(await schedules.runNow(param(req, 'id'), param(req, 'schedule')));
  });
  return router;
}
